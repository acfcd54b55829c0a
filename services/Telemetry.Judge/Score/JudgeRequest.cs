namespace Telemetry.Judge.Score;

/// <summary>One sampled call and the rubric to judge it by.</summary>
/// <param name="WindowStart">The window in which the call arrived.</param>
/// <param name="TraceId">Lower-case hex.</param>
/// <param name="SpanId">Lower-case hex.</param>
/// <param name="Rubric">Name of the rubric.</param>
/// <param name="Tenant">Tenant of the call.</param>
/// <param name="Service">Service of the call.</param>
/// <param name="ResponseId">The provider's id of the answer; empty when unknown.</param>
/// <param name="ProbabilitySampled">With which it was sampled among the answers that were kept.</param>
/// <param name="Probability">With which it came to be judged: that times the probability with which its messages were kept.</param>
internal sealed record JudgeRequest(DateTimeOffset WindowStart, string TraceId, string SpanId, string Rubric, string Tenant, string Service, string ResponseId, double ProbabilitySampled, double Probability);
