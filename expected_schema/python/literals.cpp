#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

struct Prefix {
  bool raw = false;
  bool bytes = false;
  bool formatted = false;
};

Prefix prefix_of(std::string_view start) {
  Prefix prefix;
  for (const char c : start) {
    if (c == 'r' || c == 'R') prefix.raw = true;
    if (c == 'b' || c == 'B') prefix.bytes = true;
    if (c == 'f' || c == 'F') prefix.formatted = true;
  }
  return prefix;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

/// Reads up to `most` digits of a base; how many there were.
std::size_t digits(std::string_view text, std::size_t at, std::size_t most, int base,
                   std::uint32_t& value) {
  std::size_t count = 0;
  value = 0;
  while (count < most && at + count < text.size() && digit(text[at + count]) < base) {
    value = value * static_cast<std::uint32_t>(base) +
            static_cast<std::uint32_t>(digit(text[at + count]));
    ++count;
  }
  return count;
}

std::string unescaped(std::string_view raw, bool bytes, const Place& place) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      text += raw[i];
      continue;
    }
    const char c = raw[++i];
    std::uint32_t code = 0;
    const auto add = [&] {
      if (bytes) {
        text += static_cast<char>(code & 0xFFU);
      } else if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
        refuse(place, "a surrogate escape in a string is not supported");
      } else {
        append_utf8(text, code);
      }
    };
    switch (c) {
      case '\n':
        break;
      case '\\':
        text += '\\';
        break;
      case '\'':
        text += '\'';
        break;
      case '"':
        text += '"';
        break;
      case 'a':
        text += '\a';
        break;
      case 'b':
        text += '\b';
        break;
      case 'f':
        text += '\f';
        break;
      case 'n':
        text += '\n';
        break;
      case 'r':
        text += '\r';
        break;
      case 't':
        text += '\t';
        break;
      case 'v':
        text += '\v';
        break;
      case 'x':
      case 'u':
      case 'U': {
        if (bytes && c != 'x') {
          text += '\\';
          text += c;
          break;
        }
        const std::size_t wanted = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        if (digits(raw, i + 1, wanted, 16, code) != wanted) {
          refuse(place, fmt::format("a truncated `\\{}` escape in a string", c));
        }
        add();
        i += wanted;
        break;
      }
      case 'N':
        if (bytes) {
          text += "\\N";
          break;
        }
        refuse(place, "the escape `\\N{...}` is not supported", "Write the character itself.");
      default:
        if (c >= '0' && c <= '7') {
          i += digits(raw, i, 3, 8, code) - 1;
          add();
        } else {
          text += '\\';
          text += c;
        }
    }
  }
  return text;
}

/// What `{{` and `}}` of an f-string stand for.
std::string single_braces(std::string_view raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    text += raw[i];
    if ((raw[i] == '{' || raw[i] == '}') && i + 1 < raw.size() && raw[i + 1] == raw[i]) ++i;
  }
  return text;
}

}  // namespace

std::string Interpreter::specifier(const Node& node) {
  // The text between nested braces has no nodes of its own.
  std::string spec;
  std::size_t at = node.begin + 1;  // after the colon
  const std::string_view whole = source(node);
  for (const Node* child : node.children) {
    if (child->kind != Kind::FormatExpression && child->kind != Kind::Interpolation) continue;
    spec += whole.substr(at - node.begin, child->begin - at);
    spec += interpolated(*child);
    at = child->end;
  }
  spec += whole.substr(std::min(at - node.begin, whole.size()));
  return spec;
}

std::string Interpreter::interpolated(const Node& node) {
  const Deeper deeper(*this, node);
  const Node* expression = node.child("expression");
  if (expression == nullptr) refuse(place(node), "an empty `{}` in an f-string");
  if (expression->kind == Kind::PatternList || expression->kind == Kind::ExpressionList) {
    refuse(place(node), "a tuple in an f-string is not supported");
  }
  const Value value = evaluate(*expression);
  std::string before;
  bool self_documenting = false;
  for (const Node* child : node.children) {
    if (child->kind == Kind::Token && child->type == "=") {
      self_documenting = true;
      const std::string_view whole = source(node);
      std::size_t end = child->end - node.begin;
      while (end < whole.size() && whole.substr(end, 1).find_first_of(" \t\n") == 0) ++end;
      before = whole.substr(1, end - 1);
    }
  }
  const Node* conversion = node.child("type_conversion");
  const Node* spec_node = node.child("format_specifier");
  const std::string spec = spec_node == nullptr ? std::string() : specifier(*spec_node);
  const std::string_view kind = conversion == nullptr ? std::string_view() : source(*conversion);
  if (kind == "!r" || kind == "!a" || (self_documenting && kind.empty() && spec_node == nullptr)) {
    const std::string shown = representation(value, place(node));
    if (kind == "!a" && !is_ascii(shown)) refuse(place(node), "`!a` is not supported");
    return before + format(shown, spec, place(node));
  }
  if (kind == "!s") return before + format(text(value, place(node)), spec, place(node));
  return before + format(value, spec, place(node));
}

Value Interpreter::string(const Node& node) {
  std::vector<const Node*> parts{&node};
  if (node.kind == Kind::ConcatenatedString) parts = node.named();
  std::string text;
  bool bytes = false;
  Why unknown;
  for (const Node* part : parts) {
    Prefix prefix;
    std::size_t quotes = 1;
    std::size_t at = part->begin;
    const auto add = [&](std::size_t end) {
      if (end <= at) return;
      std::string raw(source(*part).substr(at - part->begin, end - at));
      if (prefix.formatted) raw = single_braces(raw);
      text += prefix.raw ? raw : unescaped(raw, bytes, place(*part));
    };
    for (const Node* child : part->children) {
      if (child->kind == Kind::StringStart) {
        prefix = prefix_of(source(*child));
        if (part != parts.front() && prefix.bytes != bytes) {
          refuse(place(*part), "bytes and text written as one string");
        }
        bytes = prefix.bytes;
        quotes = source(*child).ends_with("\"\"\"") || source(*child).ends_with("'''") ? 3 : 1;
        at = child->end;
      } else if (child->kind == Kind::Interpolation) {
        add(child->begin);
        try {
          text += interpolated(*child);
        } catch (const Needed& needed) {
          if (needed.frame() != frame_) throw;
          unknown = needed.why();
          text += unknown->text.value_or("$1");
        }
        at = child->end;
      } else if (child->kind == Kind::StringEnd) {
        // The grammar counts a raw string's escapes to its end where nothing else is in it.
        add(child->end - quotes);
        at = child->end;
      }
    }
  }
  charge(text.size(), place(node));
  if (unknown) return derived(unknown, std::move(text));
  if (bytes) return Bytes{std::move(text)};
  return text;
}

Value Interpreter::number(const Node& node) {
  std::string text(source(node));
  std::erase(text, '_');
  const char last = text.back();
  const bool hex = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
  if (last == 'j' || last == 'J') refuse(place(node), "a complex number is not supported");
  if (last == 'l' || last == 'L') {
    refuse(place(node), "a long integer is Python 2", "Only Python 3 is read.");
  }
  if (node.kind == Kind::Float && !hex) {
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec == std::errc::result_out_of_range) refuse(place(node), "a number out of range");
    return value;
  }
  int base = 10;
  std::string_view written = text;
  if (written.size() > 1 && written[0] == '0') {
    const char letter = lower(written.substr(1, 1))[0];
    base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    if (base != 10) written.remove_prefix(2);
    if (base == 10 && written.find_first_not_of('0') != std::string_view::npos) {
      refuse(place(node), "an octal number without `0o` is Python 2", "Only Python 3 is read.");
    }
  }
  std::int64_t value = 0;
  const auto end = std::from_chars(written.data(), written.data() + written.size(), value, base);
  if (end.ec != std::errc{}) refuse(place(node), "an integer beyond 64 bits is not supported");
  return value;
}

}  // namespace driftd::python
