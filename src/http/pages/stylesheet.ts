/** The one style of all pages: large, few colours, made for a phone in the dark. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #f4f1ec; --card: #ffffff; --ink: #1f1a17; --soft: #6b615a; --line: #e6dfd6;
  --critical: #b3261e; --warning: #9a5b00; --info: #1f5f99; --calm: #2e6b3f;
  --on-tone: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14110f; --card: #1f1b18; --ink: #f3ede7; --soft: #b3a79d; --line: #332c27;
    --critical: #ff8a80; --warning: #ffb95c; --info: #8ec5ff; --calm: #8fd6a3;
    --on-tone: #14110f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; background: var(--page); color: var(--ink);
  font: 18px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 34rem; margin: 0 auto; padding: 1rem 1rem 2.5rem; }
.critical { --tone: var(--critical); } .warning { --tone: var(--warning); } .info { --tone: var(--info); }
.calm { --tone: var(--calm); }
.card { background: var(--card); border-radius: 16px; overflow: hidden; box-shadow: 0 1px 3px rgb(0 0 0 / 0.12); }
.band {
  display: flex; justify-content: space-between; gap: 1rem; padding: 0.7rem 1.1rem;
  background: var(--tone); color: var(--on-tone); font-weight: 700;
}
.body { padding: 1.1rem; }
h1 { margin: 0 0 0.3rem; font-size: 1.5rem; line-height: 1.2; overflow-wrap: anywhere; }
.message { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.8rem; margin: 1.1rem 0 0; }
.figure { min-width: 0; padding: 0.8rem 0.9rem; border: 1px solid var(--line); border-radius: 12px; }
.figure:only-child { grid-column: 1 / -1; }
.figure.crossed { border: 2px solid var(--tone); }
.label { display: block; color: var(--soft); font-size: 0.85rem; }
.value { display: block; font-size: 1.6rem; font-weight: 700; line-height: 1.25; overflow-wrap: anywhere; }
.note { display: block; color: var(--soft); font-size: 0.85rem; overflow-wrap: anywhere; }
.old { color: var(--warning); font-weight: 600; }
dl { margin: 1.1rem 0 0; }
dl div {
  display: grid; grid-template-columns: 6.6rem 1fr; gap: 0.6rem; align-items: baseline;
  padding: 0.6rem 0; border-top: 1px solid var(--line);
}
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.button {
  display: block; margin: 1.3rem 0 0; padding: 0.95rem 1rem; border-radius: 12px; text-align: center;
  background: var(--ink); color: var(--card); font-size: 1.15rem; font-weight: 700; text-decoration: none;
}
.button.quiet { background: transparent; color: inherit; border: 1px solid var(--line); font-size: 1rem; }
.button:focus-visible { outline: 3px solid var(--info); outline-offset: 3px; }
footer { padding: 1rem 0.2rem 0; color: var(--soft); font-size: 0.85rem; }
`
