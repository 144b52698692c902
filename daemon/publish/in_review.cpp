#include "daemon/publish/in_review.h"

#include <fmt/format.h>

#include <filesystem>

#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

Place told_from(Place place, const std::string& root) {
  if (place.file.empty() || root.empty()) return place;
  const std::filesystem::path file = std::filesystem::absolute(place.file).lexically_normal();
  const std::filesystem::path relative = file.lexically_relative(root);
  if (!relative.empty() && *relative.begin() != "..") place.file = relative.string();
  return place;
}

Remark::Level level_of(Impact impact) {
  switch (impact) {
    case Impact::Breaking:
      return Remark::Level::Error;
    case Impact::Risky:
      return Remark::Level::Warning;
    case Impact::Harmless:
      break;
  }
  return Remark::Level::Note;
}

Place place_of(const Finding& finding) {
  if (finding.declared) return finding.declared->place;
  return finding.provenance ? finding.provenance->place : Place{};
}

std::string text_of(const Finding& finding) {
  std::string text = finding.consequence + ".";
  if (!finding.tenants.empty()) text += "\n" + tenants_words(finding);
  const Sides sides = sides_of(finding.comparison);
  for (const Difference& difference : finding.drift.differences) {
    text += fmt::format("\n{}: {} {}, {} {}", difference.property, sides.expected,
                        difference.expected.value_or("none"), sides.actual,
                        difference.actual.value_or("none"));
  }
  for (const Step& step : steps_behind(finding)) {
    const std::string where = to_string(step.by.place);
    text += fmt::format("\n{} {}{}", step.words, step.by.revision,
                        where.empty() ? "" : " (" + where + ")");
  }
  return text;
}

Remark remark_of(const Finding& finding, const std::string& root) {
  const Drift& drift = finding.drift;
  std::string kind = drift.object.kind;
  for (char& c : kind) {
    if (c == ' ') c = '-';
  }
  return {level_of(finding.impact),
          std::string(name_of(drift.kind)) + "-" + kind,
          fmt::format("{}: {} {} {}", name_of(finding.impact), drift.object.kind,
                      drift.object.identity, drift_words(finding)),
          text_of(finding),
          told_from(place_of(finding), root),
          finding.fingerprint};
}

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message + "." : message + ". " + hint;
}

}  // namespace

std::vector<Remark> remarks_of(const AllPublished& all, const std::string& root) {
  std::vector<Remark> remarks;
  for (const auto& published : all) {
    if (published->unknown) {
      const Unknown& unknown = *published->unknown;
      remarks.push_back({Remark::Level::Error,
                         "cannot-tell",
                         fmt::format("{}: driftd cannot tell", published->name),
                         with_hint(unknown.message, unknown.hint),
                         told_from(unknown.place, root),
                         {}});
      continue;
    }
    if (published->last_good == nullptr) continue;
    for (const Unread& part : published->last_good->unread) {
      if (!part.object.empty()) {
        remarks.push_back({Remark::Level::Warning,
                           "not-determined",
                           "the migrations leave open: " + part.object,
                           with_hint(part.message, part.hint),
                           told_from(part.place, root),
                           {}});
        continue;
      }
      const std::string about = !part.model.empty()   ? "the model " + part.model
                                : !part.table.empty() ? "the table " + part.table
                                                      : std::string("a part of the models");
      remarks.push_back({Remark::Level::Warning,
                         "not-understood",
                         about + " is not understood",
                         with_hint(part.message, part.hint),
                         told_from(part.place, root),
                         {}});
    }
    for (const UnknownTenants& group : unknown_tenants(*published->last_good)) {
      remarks.push_back(
          {Remark::Level::Error,
           "cannot-tell",
           fmt::format("{}: driftd cannot tell of {}: {}", published->name,
                       counted(group.schemas.size(), "tenant"), few_of(group.schemas)),
           with_hint(group.unknown->message, group.unknown->hint),
           told_from(group.unknown->place, root),
           {}});
    }
    for (const Finding& finding : published->last_good->findings) {
      remarks.push_back(remark_of(finding, root));
    }
  }
  return remarks;
}

}  // namespace driftd
