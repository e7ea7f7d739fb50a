/** Of the reference page. */
export const referenceStyle = `
:root { color-scheme: light dark; --line: light-dark(#e1e6e7, #242c31); --soft: light-dark(#566168, #9daab2); --accent: light-dark(#0b6b7c, #4fc3d6); --panel: light-dark(#fff, #14191c); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); background: light-dark(#f4f6f6, #0d1113); color: light-dark(#14191c, #e9edef); font: 15px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem 1.25rem; border-right: 1px solid var(--line); font-size: 13px; }
nav h2 { margin: 1rem 0 .25rem; font-size: 13px; } nav ul { list-style: none; margin: 0; padding: 0; } nav li { padding: .1rem 0; }
main { max-width: 60rem; padding: 1.5rem 2rem 4rem; }
h1 { font-size: 1.5rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; } h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); } nav a { text-decoration: none; } a:hover { text-decoration: underline; }
small, caption { color: var(--soft); } code { font: .92em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.operation { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; scroll-margin-top: 1rem; }
.operation p { margin: .25rem 0 .75rem; } .type { margin-right: .5rem; }
.method { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 5px; font-size: .8rem; color: var(--accent); }
.method-delete { color: light-dark(#b3261e, #ff8f85); }
table { width: 100%; border-collapse: collapse; margin-top: .5rem; font-size: 13.5px; } caption { text-align: left; font-size: 12px; padding-bottom: .2rem; }
th, td { padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: inherit; } td:nth-child(2) { width: 30%; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } table, tbody, tr, th, td { display: block; } td { border: 0; padding-top: 0; } td:nth-child(2) { width: auto; } }
`;
