namespace Telemetry.SpanLog.Kafka;

/// <summary>Finds what is wrong with settings of TLS and SASL before librdkafka would, or would not. Values are not shown: they may be secrets.</summary>
internal static class KafkaSecurity
{
    private static readonly string[] s_protocols = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"];
    private static readonly string[] s_mechanisms = ["GSSAPI", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"];
    private static readonly string[] s_files = ["ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.crl.location", "ssl.keystore.location"];

    /// <summary>The problems, and the setting that each is about.</summary>
    public static IEnumerable<(string Problem, string? Member)> Problems(KafkaLogOptions options)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach ((string key, string value) in options.Client)
        {
            settings[key.Replace('_', '.')] = value;
        }

        string protocol = settings.GetValueOrDefault("security.protocol", "plaintext").ToLowerInvariant();
        if (!s_protocols.Contains(protocol))
        {
            yield return ($"Client:security.protocol: allowed: {string.Join(", ", s_protocols)}", null);
            yield break;
        }

        foreach (string problem in Sasl(options, settings, protocol).Concat(Tls(settings, protocol)))
        {
            yield return (problem, null);
        }

        if (options.SaslPasswordFile.Length > 0 && !File.Exists(options.SaslPasswordFile))
        {
            yield return ("there is no such file", nameof(KafkaLogOptions.SaslPasswordFile));
        }
    }

    private static IEnumerable<string> Sasl(KafkaLogOptions options, Dictionary<string, string> settings, string protocol)
    {
        bool isOn = protocol.StartsWith("sasl", StringComparison.Ordinal);
        bool hasPassword = settings.ContainsKey("sasl.password") || options.SaslPasswordFile.Length > 0;
        if (!isOn && (hasPassword || settings.Keys.Any(k => k.StartsWith("sasl.", StringComparison.Ordinal))))
        {
            yield return $"Client:security.protocol = \"{protocol}\": SASL settings are there and would not be used; allowed with them: sasl_ssl, sasl_plaintext";
        }

        string mechanism = settings.GetValueOrDefault("sasl.mechanism", settings.GetValueOrDefault("sasl.mechanisms", "GSSAPI"));
        if (isOn && !s_mechanisms.Contains(mechanism))
        {
            yield return $"Client:sasl.mechanism: allowed: {string.Join(", ", s_mechanisms)}";
        }
        else if (isOn && mechanism is "PLAIN" or "SCRAM-SHA-256" or "SCRAM-SHA-512" && !(settings.ContainsKey("sasl.username") && hasPassword))
        {
            yield return $"Client:sasl.mechanism = \"{mechanism}\": needs Client:sasl.username, and Client:sasl.password or SaslPasswordFile";
        }
    }

    private static IEnumerable<string> Tls(Dictionary<string, string> settings, string protocol)
    {
        bool isOn = protocol.EndsWith("ssl", StringComparison.Ordinal);
        if (!isOn && settings.Keys.Any(k => k.StartsWith("ssl.", StringComparison.Ordinal)))
        {
            yield return $"Client:security.protocol = \"{protocol}\": TLS settings are there and would not be used; allowed with them: ssl, sasl_ssl";
        }

        foreach (string name in s_files)
        {
            // A directory of roots is allowed, and "probe" looks in the usual places.
            if (settings.TryGetValue(name, out string? file) && file != "probe" && !Path.Exists(file))
            {
                yield return $"Client:{name} = \"{file}\": there is no such file";
            }
        }
    }
}
