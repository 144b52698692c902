#include "daemon/publish/publish.h"

namespace driftd {

/// System fonts and two palettes, nothing fetched. Every colour says what a word beside it says.
std::string page_css() {
  return R"css(:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #ffffff; --ink: #16191d; --soft: #565e69; --line: #d9dde3;
  --good: #14683a; --good-back: #e3f4e9; --bad: #a81c1c; --bad-back: #fdeaea;
  --doubt: #7a4a00; --doubt-back: #fdf1da; --calm: #215a8a; --calm-back: #e6f0f9;
  --link: #1a56a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #101317; --card: #191d23; --ink: #e8eaed; --soft: #a4acb8; --line: #313843;
    --good: #7ddba0; --good-back: #12301f; --bad: #ff9d96; --bad-back: #3c1717;
    --doubt: #f2c36b; --doubt-back: #382a0e; --calm: #93c4f0; --calm-back: #142a3d;
    --link: #8ab8f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 60rem; padding: 1rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
a { color: var(--link); }
h1, h2, h3, p, dl, ol, ul, figure { margin: 0; padding: 0; }
code, pre { font: 0.9em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
small, .none, .origin, footer, .top p { color: var(--soft); }
small { font-size: 0.9em; }
.none { font-style: italic; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.75rem; margin-bottom: 1rem; }
.top h1 { font-size: 1.25rem; letter-spacing: -0.01em; }
.top h1 a { color: inherit; text-decoration: none; }
.database {
  background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem;
  margin-bottom: 1.25rem; overflow: hidden;
}
.database > * { margin-left: 1.25rem; margin-right: 1.25rem; }
.database > header {
  margin: 0; padding: 1rem 1.25rem; display: grid; gap: 0.1rem 1rem;
  grid-template-columns: 1fr auto; align-items: center;
  background: var(--back); color: var(--tone); border-bottom: 1px solid var(--line);
}
.models { border-top: 1px solid var(--line); margin: 1rem 0 0; padding: 0 1.25rem; }
.models > header {
  margin: 0 -1.25rem; padding: 0.6rem 1.25rem; display: grid; gap: 0.1rem 1rem;
  grid-template-columns: 1fr auto; align-items: center;
  background: var(--back); color: var(--tone); border-bottom: 1px solid var(--line);
}
.models .status { font-size: 1.2rem; }
.models.in-sync { --tone: var(--good); --back: var(--good-back); }
.models.drift { --tone: var(--bad); --back: var(--bad-back); }
.models.unknown, .models.waiting { --tone: var(--doubt); --back: var(--doubt-back); }
.database.in-sync { --tone: var(--good); --back: var(--good-back); }
.database.drift { --tone: var(--bad); --back: var(--bad-back); }
.database.unknown, .database.waiting { --tone: var(--doubt); --back: var(--doubt-back); }
.database h2 { font-size: 1.1rem; overflow-wrap: anywhere; }
.database h2 a { color: inherit; }
.status { font-size: 1.6rem; font-weight: 700; line-height: 1.2; white-space: nowrap; }
.summary { grid-column: 1 / -1; color: var(--ink); overflow-wrap: anywhere; }
.findings { list-style: none; }
.finding { padding: 1rem 0; border-bottom: 1px solid var(--line); }
.finding.breaking { --tone: var(--bad); --back: var(--bad-back); }
.finding.risky { --tone: var(--doubt); --back: var(--doubt-back); }
.finding.harmless { --tone: var(--calm); --back: var(--calm-back); }
.finding.seen { border-left: 3px dashed var(--line); padding-left: 0.75rem; }
.finding h3 { font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.impact {
  display: inline-block; padding: 0.05em 0.6em; margin-right: 0.3em; border-radius: 1em;
  background: var(--back); color: var(--tone); font-size: 0.85em; font-weight: 700;
}
.consequence { margin: 0.35rem 0 0.6rem; }
.changed-by { margin-top: 0.6rem; overflow-wrap: anywhere; }
.statement {
  margin: 0.25rem 0 0; padding: 0.5rem 0.75rem; overflow-x: auto; max-height: 12rem;
  border: 1px solid var(--line); border-radius: 0.35rem; background: var(--paper);
}
.origin { font-size: 0.875rem; margin-top: 0.6rem; overflow-wrap: anywhere; }
.differences { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 0.95rem; }
.differences th, .differences td {
  text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere;
}
.differences thead th { border-top: 0; color: var(--soft); font-size: 0.8rem; font-weight: 500; }
.differences tbody th { font-weight: 500; }
.differences th:first-child { width: 10rem; }
figure { margin-top: 0.4rem; }
figcaption { font-size: 0.9rem; margin-bottom: 0.25rem; }
del, ins { text-decoration: none; }
del { color: var(--good); background: var(--good-back); }
ins { color: var(--bad); background: var(--bad-back); }
.diff {
  margin: 0; padding: 0.6rem 0.75rem; overflow-x: auto;
  border: 1px solid var(--line); border-radius: 0.35rem; background: var(--paper);
}
details { font-size: 0.95rem; }
summary { cursor: pointer; color: var(--link); }
.facts { padding: 0.9rem 0; font-size: 0.925rem; }
.facts > div { display: grid; grid-template-columns: 10rem 1fr; gap: 0.75rem; padding: 0.15rem 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.failure { border-bottom: 1px solid var(--line); font-size: 1rem; }
.note, .cause { padding-top: 0.8rem; }
.resolved { list-style: none; padding: 0.8rem 0 0; color: var(--good); }
footer { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; font-size: 0.875rem; }
footer nav a { margin-right: 0.75rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 36rem) {
  body { padding: 0.6rem; }
  .database > * { margin-left: 0.9rem; margin-right: 0.9rem; }
  .database > header { padding: 0.8rem 0.9rem; grid-template-columns: 1fr; }
  .status { font-size: 1.4rem; }
  .facts > div { grid-template-columns: 1fr; gap: 0; padding: 0.25rem 0; }
  .differences thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; }
  .differences, .differences tbody, .differences tr, .differences th, .differences td {
    display: block; width: auto;
  }
  .differences tr { border-top: 1px solid var(--line); padding: 0.3rem 0; }
  .differences th, .differences td { border: 0; padding: 0.1rem 0; }
  .differences th:first-child { width: auto; }
  .differences td::before { content: attr(data-label) " "; color: var(--soft); }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
)css";
}

}  // namespace driftd
