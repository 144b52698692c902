#include "daemon/publish/finding_html.h"

#include <fmt/format.h>

#include "daemon/publish/html.h"
#include "daemon/publish/line_diff.h"
#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {

using html::escaped;
using html::row;
using html::time_tag;
using html::value;

namespace {

std::string diff_html(const Difference& difference) {
  std::string html = "<pre class=\"diff\" tabindex=\"0\">";
  for (const DiffLine& line :
       line_diff(difference.expected.value_or(""), difference.actual.value_or(""))) {
    const std::string text = escaped(line.text);
    switch (line.mark) {
      case '-':
        html += fmt::format("<del>- {}</del>\n", text);
        break;
      case '+':
        html += fmt::format("<ins>+ {}</ins>\n", text);
        break;
      case '@':
        html += "<span class=\"none\">...</span>\n";
        break;
      default:
        html += fmt::format("  {}\n", text);
    }
  }
  return html + "</pre>";
}

bool has_lines(const Difference& difference) {
  const auto several = [](const std::optional<std::string>& text) {
    return text && text->find('\n') != std::string::npos;
  };
  return several(difference.expected) || several(difference.actual);
}

std::string differences_html(const Finding& finding) {
  const Drift& drift = finding.drift;
  const Sides sides = sides_of(finding.comparison);
  if (drift.differences.empty()) return {};
  std::string html;
  std::string blocks;
  for (const Difference& difference : drift.differences) {
    if (has_lines(difference)) {
      blocks += fmt::format(
          "<figure><figcaption>{}: <del>- {}</del> <ins>+ {}</ins></figcaption>"
          "{}</figure>\n",
          escaped(difference.property), sides.expected, sides.actual, diff_html(difference));
      continue;
    }
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td data-label=\"{}\">{}</td>"
        "<td data-label=\"{}\">{}</td></tr>\n",
        escaped(difference.property), sides.expected, value(difference.expected), sides.actual,
        value(difference.actual));
  }
  if (!html.empty()) {
    html = fmt::format(
        "<table class=\"differences\"><thead><tr><th scope=\"col\">property</th>"
        "<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n{}"
        "</tbody></table>\n",
        sides.expected, sides.actual, html);
  }
  return html + blocks;
}

std::string properties_html(const Drift& drift) {
  std::string rows;
  for (const Difference& property : drift.properties) {
    const auto& given = drift.kind == DriftKind::Missing ? property.expected : property.actual;
    if (given) rows += row(escaped(property.property), value(given));
  }
  if (rows.empty()) return {};
  return fmt::format("<details><summary>{}</summary><dl class=\"facts\">\n{}</dl></details>\n",
                     drift.kind == DriftKind::Missing ? "what is missing" : "what is there", rows);
}

/// Since when it is there, as exactly as that is known, and when it was seen first.
std::string since_html(const Finding& finding, Time now) {
  const std::string seen = "first seen " + time_tag(finding.first_seen, now);
  const Since& since = finding.since;
  if (finding.comparison == Comparison::Models) return seen;
  const bool a_look_before = since.agreed != Time{};
  if (since.committed != Time{}) {
    return fmt::format("{} {} &middot; {}", a_look_before ? "since" : "last changed",
                       time_tag(since.committed, now), seen);
  }
  if (a_look_before) {
    return fmt::format("{}, not yet at the look {}", seen, time_tag(since.agreed, now));
  }
  return "there already at the first look, " + time_tag(finding.first_seen, now);
}

std::string origin_html(const Finding& finding, Time now) {
  std::vector<std::string> parts;
  if (!finding.tenants.empty()) parts.push_back(escaped(tenants_words(finding)));
  for (const Step& step : steps_behind(finding)) {
    const std::string where = to_string(step.by.place);
    parts.push_back(
        fmt::format("{} <code>{}</code>{}", escaped(step.words), escaped(step.by.revision),
                    where.empty() ? "" : fmt::format(" at <code>{}</code>", escaped(where))));
  }
  parts.push_back(since_html(finding, now));
  if (finding.state == FindingState::Seen) parts.emplace_back("to be confirmed by the next look");
  if (const std::string fate = fate_words(finding); !fate.empty()) parts.push_back(escaped(fate));
  parts.push_back(fmt::format("finding <code>{}</code>", escaped(finding.fingerprint)));
  return join(parts, " &middot; ");
}

std::string changed_by_html(const Finding& finding, Time now) {
  if (!finding.changed_by) return {};
  const ChangedBy& by = *finding.changed_by;
  const std::string others = others_words(by);
  std::string html = fmt::format("<p class=\"changed-by\">Changed {}, {}: {}{}</p>\n",
                                 escaped(who_words(by)), time_tag(by.at, now), escaped(by.tag),
                                 others.empty() ? "" : " &middot; " + others);
  if (by.statement) {
    return html + fmt::format("<pre class=\"statement\" tabindex=\"0\">{}</pre>\n",
                              escaped(trim(*by.statement)));
  }
  return html + "<p class=\"origin\">No text is kept of it: it may hold a secret.</p>\n";
}

}  // namespace

std::string finding_html(const Finding& finding, Time now) {
  const Drift& drift = finding.drift;
  return fmt::format(
      "<li class=\"finding {0}{1}\" id=\"{2}\">\n"
      "<h3><span class=\"impact\">{0}</span> {3} <code>{4}</code> {5}{6}</h3>\n"
      "<p class=\"consequence\">{7}</p>\n"
      "{8}{9}{10}<p class=\"origin\">{11}</p>\n</li>\n",
      name_of(finding.impact), finding.state == FindingState::Seen ? " seen" : "",
      escaped(finding.fingerprint), escaped(drift.object.kind), escaped(drift.object.identity),
      escaped(drift_words(finding)),
      drift.folded > 0 ? fmt::format(", with {} in it", counted(drift.folded, "object")) : "",
      escaped(finding.consequence), differences_html(finding), properties_html(drift),
      changed_by_html(finding, now), origin_html(finding, now));
}

}  // namespace driftd
