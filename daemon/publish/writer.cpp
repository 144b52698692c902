#include "daemon/publish/writer.h"

#include <fmt/format.h>

#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd {

std::string shown(std::string_view bytes) {
  std::string text;
  const std::string valid = valid_utf8(bytes);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    const bool c1 =
        byte == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (byte == '\t') {
      text += "    ";
    } else if (byte < 0x20 || byte == 0x7F) {
      text += fmt::format("\\x{:02x}", byte);
    } else if (c1) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(valid[++i]));
    } else {
      text += valid[i];
    }
  }
  return text;
}

std::string Writer::impact(Impact impact) const {
  const std::string word = fmt::format("{:<8}", name_of(impact));
  switch (impact) {
    case Impact::Breaking:
      return dressed("1;31", word);
    case Impact::Risky:
      return dressed("1;33", word);
    case Impact::Harmless:
      return dressed("36", word);
  }
  return word;
}

std::string Writer::status(const Published& published) const {
  const std::string words = status_words(published);
  switch (published.status()) {
    case Status::InSync:
      return dressed("1;32", words);
    case Status::Drift:
      return dressed("1;31", words);
    case Status::Unknown:
      return dressed("1;33", words);
  }
  return words;
}

std::string Writer::revision(const Provenance& by) const {
  const std::string where = to_string(by.place);
  return cyan(shown(by.revision)) + (where.empty() ? "" : fmt::format(" ({})", shown(where)));
}

std::string Writer::dressed(std::string_view code, std::string_view text) const {
  if (!style_.colour) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace driftd
