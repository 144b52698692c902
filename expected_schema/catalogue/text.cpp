#include "expected_schema/catalogue/text.h"

namespace driftd {
namespace {
void append_escaped(std::string& text, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\\':
        text += "\\\\";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      default:
        text += c;
    }
  }
}
}  // namespace

std::string to_text(const Catalogue& catalogue) {
  std::string text;
  for (const Object& object : catalogue.objects()) {
    text += object.kind;
    text += ' ';
    append_escaped(text, object.identity);
    text += '\n';
    if (object.has_parent()) {
      text += "  in: ";
      text += object.parent_kind;
      text += ' ';
      append_escaped(text, object.parent_identity);
      text += '\n';
    }
    for (const Property& property : object.properties) {
      text += "  ";
      text += property.name;
      text += ": ";
      append_escaped(text, property.value);
      text += '\n';
    }
  }
  return text;
}

}  // namespace driftd
