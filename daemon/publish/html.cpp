#include "daemon/publish/html.h"

#include <fmt/format.h>

#include "daemon/publish/words.h"
#include "expected_schema/base/text.h"

namespace driftd::html {

std::string escaped(std::string_view bytes) {
  std::string html;
  for (const char c : valid_utf8(bytes)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      case '\n':
      case '\t':
        html += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          html += "\xEF\xBF\xBD";
        } else {
          html += c;
        }
    }
  }
  return html;
}

std::string path_segment(std::string_view text) {
  std::string segment;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      segment += c;
    } else {
      segment += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return segment;
}

std::string time_tag(Time time, Time now) {
  if (time == Time{}) return "never";
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - time);
  return fmt::format("<time datetime=\"{}\" title=\"{}\">{} ago</time>", rfc3339(time),
                     for_people(time), for_people(age));
}

std::string row(std::string_view name, std::string_view html) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html);
}

std::string value(const std::optional<std::string>& given) {
  if (!given) return "<span class=\"none\">none</span>";
  if (given->empty()) return "<span class=\"none\">empty</span>";
  return fmt::format("<code>{}</code>", escaped(*given));
}

}  // namespace driftd::html
