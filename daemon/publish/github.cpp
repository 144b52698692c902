#include <fmt/format.h>

#include "daemon/publish/in_review.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

std::string_view word_of(Remark::Level level) {
  switch (level) {
    case Remark::Level::Error:
      return "error";
    case Remark::Level::Warning:
      return "warning";
    case Remark::Level::Note:
      break;
  }
  return "notice";
}

/// What the runner takes back: a line break would end the command, and begin another one.
std::string escaped(std::string_view bytes, bool property) {
  std::string text;
  for (const char c : valid_utf8(bytes)) {
    const bool ends = c == '%' || c == '\r' || c == '\n';
    if (ends || (property && (c == ':' || c == ','))) {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string github_text(const std::vector<Remark>& remarks) {
  std::string text;
  for (const Remark& remark : remarks) {
    std::string properties;
    if (!remark.place.file.empty()) {
      properties += "file=" + escaped(remark.place.file, true) + ",";
      if (remark.place.line > 0) properties += fmt::format("line={},", remark.place.line);
      if (remark.place.column > 0) properties += fmt::format("col={},", remark.place.column);
    }
    properties += "title=" + escaped("driftd: " + remark.title, true);
    text += fmt::format("::{} {}::{}\n", word_of(remark.level), properties,
                        escaped(remark.text, false));
  }
  return text;
}

}  // namespace driftd
