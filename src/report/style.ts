/** The look of every page: one sheet, for light and dark, for a desk and a phone, and for paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--ink:#1b1b19;--quiet:#5a5a54;--line:#deded7;--track:#ecece6;
--good:#17703f;--bad:#b3261e;--busy:#1c5bb8;--ask:#6a3cc9;--bar-wait:#a9a9a0;--bar-run:#3b7be0;--bar-fail:#d2402f;--bar-retry:#c46a00;--bar-ask:#8a5cf0;--bar-plan:#0e857b;--bar-answer:#6f8a1f;--edge:#b9b9b0}
@media (prefers-color-scheme:dark){:root{--bg:#131312;--card:#1d1d1b;--ink:#ecece6;--quiet:#a6a69e;--line:#34342f;--track:#2a2a27;
--good:#6fd39a;--bad:#ff8f87;--busy:#8ab8ff;--ask:#c2a8ff;--bar-wait:#77776f;--bar-run:#5a96f5;--bar-fail:#f0776c;--bar-retry:#e59a35;--bar-ask:#a685ff;--bar-plan:#35b3a6;--bar-answer:#a9c255;--edge:#55554e}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
.page{max-width:1180px;margin:0 auto;padding:1.5rem 1.25rem 4rem}
a{color:var(--busy);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--busy);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:1}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
h1{font-size:1.5rem;line-height:1.3;margin:.35rem 0 .6rem;font-weight:650;letter-spacing:-.01em;max-width:52rem}
h2{font-size:1.05rem;margin:0 0 .8rem;font-weight:650}
h3{font-size:.95rem;margin:1.2rem 0 .5rem;font-weight:600}
h4{font-size:.8rem;margin:1rem 0 .3rem;font-weight:600;color:var(--quiet)}
p{margin:.3rem 0}
.quiet,.crumbs{color:var(--quiet)}.crumbs{font-size:.85rem}
.good{color:var(--good)}.bad{color:var(--bad)}.busy{color:var(--busy)}.ask{color:var(--ask)}
.badge{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:.05rem .7rem;font-weight:600;font-size:.85rem}
.reason{max-width:52rem}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem 1.25rem;margin-top:1rem}
.figures{display:flex;flex-wrap:wrap;gap:1px;margin:1.1rem 0 0;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.figures div{flex:1 1 150px;background:var(--card);padding:.75rem 1rem}
.figures dt{color:var(--quiet);font-size:.8rem}.figures dd{margin:0}
.figures b{display:block;font-size:1.25rem;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.figures span{display:block;line-height:1.35;text-wrap:balance;font-size:.8rem;color:var(--quiet)}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin-top:1rem;font-size:.9rem}
.scroll{overflow:auto;max-height:78vh;border-radius:6px}
.graph{display:block}
.edge{fill:none;stroke:var(--edge);stroke-width:1.5}.edge.critical{stroke:var(--ink);stroke-width:2}
.edge-tip{fill:var(--edge)}.edge-tip.critical{fill:var(--ink)}
.node{display:block;height:100%;padding:9px 11px 0 12px;border:1px solid var(--line);border-left:4px solid var(--edge);border-radius:7px;background:var(--bg);color:var(--ink);text-decoration:none;font-size:13px;line-height:20px;overflow:hidden}
.node:focus-visible{outline-offset:-2px}
.node:hover{border-color:var(--quiet)}
.node.good{border-left-color:var(--good)}.node.bad{border-left-color:var(--bad)}.node.busy{border-left-color:var(--busy)}.node.ask{border-left-color:var(--ask)}
.node.critical{border-top-color:var(--ink);border-right-color:var(--ink);border-bottom-color:var(--ink)}
.node .name{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;height:36px;font-weight:600;line-height:18px;overflow:hidden}
.node .fact{display:block;margin-top:3px;color:var(--quiet);font-size:12px;line-height:18px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.node .fact b{color:var(--ink)}
.node.good .sign{color:var(--good)}.node.bad .sign{color:var(--bad)}.node.busy .sign{color:var(--busy)}.node.ask .sign{color:var(--ask)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0 0 .8rem;padding:0;font-size:.8rem;color:var(--quiet)}
.rows{list-style:none;margin:0;padding:0}
.row{display:grid;grid-template-columns:minmax(0,17rem) minmax(0,1fr) 9.5rem;gap:0 1rem;align-items:center;min-height:28px;border-top:1px solid var(--track)}
.row.scale{border-top:0;color:var(--quiet)}
.row .label{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;color:var(--ink);text-decoration:none;font-size:.85rem}
.row a.label:hover{text-decoration:underline}
.row.critical .label{font-weight:650}
.crit{color:var(--ink)}
.took{font-size:.8rem;color:var(--quiet);text-align:right;font-variant-numeric:tabular-nums;line-height:1.3}
.took b{display:block;color:var(--ink);font-weight:600}.took .used{display:block;font-size:.73rem;padding-bottom:.2rem}
.bar{display:block;overflow:visible}.bar text{font-size:11px;fill:var(--quiet)}
.waiting{fill:var(--bar-wait)}.running{fill:var(--bar-run)}.failing{fill:var(--bar-fail)}.retrying{fill:var(--bar-retry)}.asking{fill:var(--bar-ask)}.planning{fill:var(--bar-plan)}.answering{fill:var(--bar-answer)}.track{fill:var(--track)}
.row.critical .running,.row.critical .failing{stroke:var(--ink);stroke-width:1.5}
table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{overflow-wrap:normal;padding:.4rem .7rem;border-top:1px solid var(--track);text-align:left;vertical-align:top}
thead th{border-top:0;color:var(--quiet);font-weight:500;font-size:.8rem;white-space:nowrap}
tbody th{font-weight:500}
.numbers td,.numbers th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.numbers tfoot{font-weight:650}.share{min-width:120px;vertical-align:middle}
.pairs td{white-space:nowrap;font-variant-numeric:tabular-nums}.pairs th[scope=row]{min-width:14rem}
tr:target{background:var(--track)}
.step{border-top:1px solid var(--track);padding:.1rem 0}
.step>summary{cursor:pointer;padding:.45rem .2rem;display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;list-style:none}
.step>summary::-webkit-details-marker{display:none}
.step>summary::before{content:"▸";color:var(--quiet);width:.8rem}
.step[open]>summary::before{content:"▾"}
.what{flex:1 1 14rem;min-width:0}.brief{color:var(--quiet);font-size:.85rem;font-variant-numeric:tabular-nums}
.body{padding:.2rem .2rem 1rem 1.6rem}
.body:target{box-shadow:inset 3px 0 0 var(--busy)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:.4rem 1.2rem;margin:.2rem 0 0}
.facts dt{color:var(--quiet);font-size:.8rem}.facts dd{margin:0}
pre,textarea{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
pre{margin:0;padding:.7rem .9rem;background:var(--bg);border:1px solid var(--line);border-radius:6px;max-height:24rem;overflow:auto;white-space:pre-wrap}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.error{color:var(--bad)}
.tag{display:inline-block;font-size:.75rem;border:1px solid currentColor;border-radius:4px;padding:0 .35rem;color:var(--busy)}.tag.same{color:var(--quiet)}
.plain{margin:.2rem 0;padding-left:1.2rem}ol.plain{list-style:none;padding-left:0}.plain li{margin:.15rem 0}
.conversation{list-style:none;margin:0;padding:0}
.message{padding:.5rem 0 .5rem .9rem;border-left:3px solid var(--line);margin:.6rem 0}.message.person{border-left-color:var(--busy)}
.message div,.answer{white-space:pre-wrap;max-width:52rem}.speaker{font-size:.8rem;color:var(--quiet);font-weight:600}
.asked{border-top:1px solid var(--track);padding-top:.8rem;margin-top:.8rem}
.asked:first-of-type{border-top:0;padding-top:0}
.wait{border-color:var(--ask)}
.notice{border-color:var(--bad)}
label{display:block;font-weight:600;font-size:.85rem;margin:.6rem 0 .2rem}
fieldset{border:0;margin:.8rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.3rem}legend{font-weight:600;font-size:.85rem;padding:0;margin-bottom:.2rem}
fieldset label{display:flex;gap:.4rem;align-items:center;font-weight:400;margin:0;min-height:28px}
textarea{width:100%;padding:.6rem .8rem;background:var(--bg);color:var(--ink);border:1px solid var(--quiet);border-radius:6px;resize:vertical}
button{font:inherit;font-weight:600;padding:.45rem 1.3rem;margin-top:1rem;border-radius:7px;border:1px solid var(--busy);background:var(--busy);color:var(--card);cursor:pointer}
.threads td,.threads th{padding:.6rem .7rem}.threads a{font-weight:600}.threads td:first-child,.threads .badge{white-space:nowrap}
footer{margin-top:1.5rem;color:var(--quiet);font-size:.8rem}
@media (max-width:720px){.page{padding:1rem .75rem 3rem}section{padding:.9rem .8rem}h1{font-size:1.25rem}
.figures div{flex-basis:40%}
.row{grid-template-columns:minmax(0,1fr) auto;padding:.3rem 0}.row .bar{grid-column:1/-1;grid-row:2}.row.scale span{display:none}.row.scale .bar{grid-row:1}
th,td{padding:.4rem .3rem}table:not(.threads){font-size:.78rem}.numbers thead th:not(:first-child),.pairs td{white-space:normal}.numbers .share{display:none}.pairs th[scope=row]{min-width:5rem}
.body{padding-left:.2rem}.took b,.took .used{display:inline}
.threads thead{display:none}.threads tr,.threads td{display:block}.threads td{border:0;padding:.1rem 0}.threads tr{border-top:1px solid var(--track);padding:.6rem 0}.threads tbody tr:first-child{border-top:0;padding-top:0}}
@media print{body{background:#fff}.scroll,pre{max-height:none}nav,.skip{display:none}}
`;
