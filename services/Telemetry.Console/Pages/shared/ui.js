// The one place that knows the rendering library. Values in templates become text nodes and properties, never markup.
import { h, render, Fragment } from '../vendor/preact.js';
import htm from '../vendor/htm.js';

export { useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/hooks.js';
export { render, Fragment };
export const html = htm.bind(h);
