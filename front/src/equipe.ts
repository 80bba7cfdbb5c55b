// The script of the team's pages: fragments by htmx, and the call screen.
import htmx from 'htmx.org';
import { openAppel } from './appel';
import './site';

// Our content security policy allows neither inline styles nor eval, and htmx would use both.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// Personal data would stay in the browser's storage after the session.
htmx.config.historyCacheSize = 0;

// After htmx, which waits for the same moment: a draft restored earlier would ask it for nothing.
const open = () => openAppel(document.querySelector<HTMLFormElement>('form#appel'));
if (document.readyState === 'complete') open();
else document.addEventListener('DOMContentLoaded', open);
