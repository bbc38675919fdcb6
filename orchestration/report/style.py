"""How the page looks: one column, system type, light and dark by the reader's choice."""

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d1f21; --quiet: #6a6d70; --line: #dcd9d0; --bar: #3b6ea5;
  --k0: #3b6ea5; --k1: #d98841; --k2: #5c9a6b; --k3: #b0567a; --k4: #8a6fb3; --k5: #a58a3b; --k6: #4aa0a0 }
@media (prefers-color-scheme: dark) { :root { --paper: #17191c; --ink: #e8e6e1; --quiet: #9a9da1; --line: #33373c;
  --bar: #6d9fd6; --k0: #6d9fd6; --k1: #e6a468; --k2: #82bd90; --k3: #d683a5; --k4: #b09bd6; --k5: #cdb465;
  --k6: #76c4c4 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2.5rem 0 .25rem }
h3 { font-size: 1rem; font-weight: 600; margin: 1.5rem 0 .25rem }
p { margin: .25rem 0 .75rem } .quiet, small, .legend, figcaption { color: var(--quiet); font-size: .85rem }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem; margin: 1.25rem 0 }
.tiles div { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; display: flex;
  flex-direction: column }
.tiles b { font-size: 1.5rem; font-variant-numeric: tabular-nums } .tiles span { line-height: 1.25 }
svg { width: 100%; height: auto; display: block; overflow: visible }
svg text { fill: var(--quiet); font-size: 13px } svg line { stroke: var(--line) }
svg line.mark { stroke: var(--ink); stroke-dasharray: 3 3 } svg text.mark { fill: var(--ink) }
.k0 { fill: var(--k0); background: var(--k0) } .k1 { fill: var(--k1); background: var(--k1) }
.k2 { fill: var(--k2); background: var(--k2) } .k3 { fill: var(--k3); background: var(--k3) }
.k4 { fill: var(--k4); background: var(--k4) } .k5 { fill: var(--k5); background: var(--k5) }
.k6 { fill: var(--k6); background: var(--k6) }
.legend span { margin-right: 1rem; white-space: nowrap }
.legend i { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: .3rem }
.bars { list-style: none; margin: .5rem 0; padding: 0 }
.bars li { display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; margin-bottom: .55rem }
.bars b { font-weight: 500; font-variant-numeric: tabular-nums }
.bars i { grid-column: 1 / -1; height: .4rem; border-radius: .2rem; background: var(--bar) }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .92rem }
th { text-align: left; font-weight: 500; color: var(--quiet); font-size: .85rem }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.scroll + .scroll { margin-top: 1.25rem } td:last-child, th:last-child { padding-right: 0 }
figure { margin: 1rem 0; max-width: 30rem } img { width: 100%; height: auto; display: block }
.changes { padding-left: 1.2rem } .changes li { margin-bottom: .9rem } .changes small { display: block }
code { font-size: .8rem; color: var(--quiet); overflow-wrap: anywhere }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem }
@media (max-width: 34rem) { .tiles { grid-template-columns: repeat(2, 1fr) } svg text { font-size: 20px } }
"""
