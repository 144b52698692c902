#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

constexpr std::int64_t widest = 100'000;

/// [[fill]align][sign][#][0][width][grouping][.precision][type], as Python's "Format Specification
/// Mini-Language" has it.
struct Spec {
  std::string fill = " ";
  char align = 0;
  char sign = '-';
  bool alternate = false;
  std::int64_t width = 0;
  char group = 0;
  std::int64_t precision = -1;
  char type = 0;
};

std::int64_t read_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
  return end.ec == std::errc{} ? number : widest + 1;
}

bool is_align(char c) {
  return c == '<' || c == '>' || c == '^' || c == '=';
}

std::string padded(const Spec& spec, std::string text, char natural, std::size_t sign_length = 0) {
  const auto length = static_cast<std::int64_t>(characters(text));
  if (spec.width <= length) return text;
  const auto missing = static_cast<std::size_t>(spec.width - length);
  const char align = spec.align == 0 ? natural : spec.align;
  const std::size_t before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  std::string front;
  std::string back;
  for (std::size_t i = 0; i < missing; ++i) (i < before ? front : back) += spec.fill;
  if (align == '=') return text.substr(0, sign_length) + front + text.substr(sign_length);
  return front + text + back;
}

std::string grouped(const std::string& digits, char separator) {
  std::string result;
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) result += separator;
    result += digits[i];
  }
  return result + digits.substr(whole);
}

}  // namespace

std::string Interpreter::format(const Value& value, std::string_view text, const Place& place) {
  if (const auto* instance = value.get_if<std::shared_ptr<Instance>>();
      instance != nullptr && (*instance)->type->is_enum && (*instance)->payload &&
      (*instance)->payload->get_if<std::string>() != nullptr &&
      find_attribute(*(*instance)->type, "__str__") == nullptr &&
      find_attribute(*(*instance)->type, "__str_is_value__") == nullptr) {
    refuse(place, "the text of a str enum's member depends on the version of Python",
           "Use its `.value` or its `.name`.");
  }
  if (const auto* why = value.get_if<Why>()) need(*why, place);
  const bool number_enum = value.get_if<std::shared_ptr<Instance>>() != nullptr && as_int(value);
  if (text.empty()) {
    return this->text(number_enum ? unwrapped(value) : value, place);
  }
  if (is_symbolic(value)) {
    if (const Why why = unknown_of(value, place)) need(why, place);
    refuse(place, fmt::format("cannot tell `{}` as text without running the app", describe(value)));
  }
  const auto invalid = [&]() -> std::string {
    raise("ValueError",
          fmt::format("Invalid format specifier '{}' for object of type '{}'", text,
                      type_name(value)),
          place);
  };
  Spec spec;
  std::string_view rest = text;
  {
    std::size_t next = 0;
    code_point_at(rest, next);
    if (next < rest.size() && is_align(rest[next])) {
      spec.fill = std::string(rest.substr(0, next));
      spec.align = rest[next];
      rest.remove_prefix(next + 1);
    } else if (is_align(rest.front())) {
      spec.align = rest.front();
      rest.remove_prefix(1);
    }
  }
  const auto accept = [&](std::string_view any) -> char {
    if (rest.empty() || any.find(rest.front()) == std::string_view::npos) return 0;
    const char c = rest.front();
    rest.remove_prefix(1);
    return c;
  };
  const char sign = accept("+- ");
  if (sign != 0) spec.sign = sign;
  spec.alternate = accept("#") != 0;
  const bool zero = accept("0") != 0;
  if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') spec.width = read_number(rest);
  spec.group = accept(",_");
  if (accept(".") != 0) {
    if (rest.empty() || rest.front() < '0' || rest.front() > '9') return invalid();
    spec.precision = read_number(rest);
  }
  spec.type = accept("bcdeEfFgGnosxX%");
  if (!rest.empty()) return invalid();
  if (spec.width > widest || spec.precision > widest) {
    refuse(place, "the width of a format is too large");
  }
  const Value& plain = unwrapped(value);
  if (zero && spec.align == 0) {
    spec.fill = "0";
    spec.align = plain.get_if<std::string>() != nullptr ? '<' : '=';
  }

  if (const auto* string = plain.get_if<std::string>()) {
    if ((spec.type != 0 && spec.type != 's') || sign != 0 || spec.align == '=') return invalid();
    std::string shown = *string;
    if (spec.precision >= 0) {
      shown = std::string(character_range(shown, 0, static_cast<std::size_t>(spec.precision)));
    }
    return padded(spec, std::move(shown), '<');
  }
  const auto number = as_number(plain);
  if (!number) {
    raise("TypeError",
          fmt::format("unsupported format string passed to {}.__format__", type_name(value)),
          place);
  }
  const auto whole = as_int(plain);
  const bool integer_type = spec.type == 'd' || spec.type == 'x' || spec.type == 'X' ||
                            spec.type == 'o' || spec.type == 'b' || spec.type == 'n' ||
                            spec.type == 'c' || spec.type == 0;
  std::string digits;
  std::string lead;
  if (whole && integer_type) {
    const std::uint64_t magnitude =
        *whole < 0 ? 0 - static_cast<std::uint64_t>(*whole) : static_cast<std::uint64_t>(*whole);
    if (spec.precision >= 0 || spec.type == 'n' || spec.type == 'c') return invalid();
    if (*whole < 0) {
      lead = "-";
    } else if (spec.sign != '-') {
      lead = spec.sign;
    }
    switch (spec.type) {
      case 'x':
        digits = fmt::format("{:x}", magnitude);
        break;
      case 'X':
        digits = fmt::format("{:X}", magnitude);
        break;
      case 'o':
        digits = fmt::format("{:o}", magnitude);
        break;
      case 'b':
        digits = fmt::format("{:b}", magnitude);
        break;
      default:
        digits = fmt::format("{}", magnitude);
    }
    if (spec.alternate && spec.type != 0 && spec.type != 'd') lead += std::string("0") + spec.type;
    if (plain.get_if<bool>() != nullptr && spec.type == 0 && !zero && spec.width == 0) {
      return text.empty() ? representation(plain, place) : lead + digits;
    }
  } else {
    const double size = std::abs(*number);
    if (std::signbit(*number)) {
      lead = "-";
    } else if (spec.sign != '-') {
      lead = spec.sign;
    }
    if (!std::isfinite(size)) {
      digits = std::isnan(size) ? "nan" : "inf";
    } else {
      const int precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
      switch (spec.type) {
        case 'f':
        case 'F':
          digits = fmt::format("{:.{}f}", size, precision);
          break;
        case '%':
          digits = fmt::format("{:.{}f}%", size * 100, precision);
          break;
        case 'e':
          digits = fmt::format("{:.{}e}", size, precision);
          break;
        case 'E':
          digits = fmt::format("{:.{}E}", size, precision);
          break;
        case 'g':
          digits = fmt::format("{:.{}g}", size, std::max(precision, 1));
          break;
        case 'G':
          digits = fmt::format("{:.{}G}", size, std::max(precision, 1));
          break;
        case 0:
          if (spec.precision >= 0) refuse(place, "this format of a float is not supported");
          digits = representation(size, place);
          break;
        default:
          return invalid();
      }
    }
  }
  if (spec.group != 0) {
    if (spec.fill == "0" && spec.align == '=' && spec.width > 0) {
      refuse(place, "a format with zeros and a separator is not supported");
    }
    digits = grouped(digits, spec.group);
  }
  return padded(spec, lead + digits, '>', lead.size());
}

std::string Interpreter::format_text(std::string_view pattern, const Arguments& arguments,
                                     const Place& place) {
  std::string result;
  std::size_t automatic = 0;
  bool numbered = false;
  const auto field = [&](std::string_view name) -> Value {
    const std::size_t end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, end);
    Value value;
    std::size_t index = 0;
    const auto number = std::from_chars(first.data(), first.data() + first.size(), index);
    if (first.empty() || (number.ec == std::errc{} && number.ptr == first.data() + first.size())) {
      if (first.empty() ? numbered : automatic > 0) {
        raise("ValueError", "cannot switch between automatic and manual field numbering", place);
      }
      if (first.empty()) {
        index = automatic++;
      } else {
        numbered = true;
      }
      if (index >= arguments.positional.size()) {
        raise("IndexError",
              fmt::format("Replacement index {} out of range for positional args tuple", index),
              place);
      }
      value = arguments.positional[index];
    } else {
      const Value* given = arguments.find(first);
      if (given == nullptr) raise("KeyError", std::string(first), place);
      value = *given;
    }
    std::string_view rest = name.substr(end);
    while (!rest.empty()) {
      if (rest.front() == '.') {
        const std::size_t stop = std::min(rest.find_first_of(".[", 1), rest.size());
        value = attribute(value, std::string(rest.substr(1, stop - 1)), place);
        rest.remove_prefix(stop);
      } else if (rest.front() == '[' && rest.find(']') != std::string_view::npos) {
        const std::size_t stop = rest.find(']');
        const std::string_view key = rest.substr(1, stop - 1);
        std::int64_t at = 0;
        const auto read = std::from_chars(key.data(), key.data() + key.size(), at);
        const bool numeric = read.ec == std::errc{} && read.ptr == key.data() + key.size();
        value = subscript(value, numeric ? Value(at) : Value(std::string(key)), place);
        rest.remove_prefix(stop + 1);
      } else {
        raise("ValueError", "Only '.' or '[' may follow ']' in format field specifier", place);
      }
    }
    return value;
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '{' && c != '}') {
      result += c;
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == c) {
      result += c;
      ++i;
      continue;
    }
    if (c == '}') raise("ValueError", "Single '}' encountered in format string", place);
    std::size_t depth = 1;
    std::size_t end = i + 1;
    while (end < pattern.size() && depth > 0) {
      if (pattern[end] == '{') ++depth;
      if (pattern[end] == '}') --depth;
      ++end;
    }
    if (depth > 0) raise("ValueError", "expected '}' before end of string", place);
    std::string_view inside = pattern.substr(i + 1, end - i - 2);
    const std::size_t colon = inside.find(':');
    std::string_view name = inside.substr(0, colon);
    std::string_view spec = colon == std::string_view::npos ? "" : inside.substr(colon + 1);
    char conversion = 0;
    if (const auto bang = name.find('!'); bang != std::string_view::npos) {
      conversion = bang + 1 < name.size() ? name[bang + 1] : '?';
      name = name.substr(0, bang);
    }
    Value value = field(name);
    if (conversion == 'r') value = representation(value, place);
    if (conversion == 's') value = this->text(value, place);
    if (conversion != 0 && conversion != 'r' && conversion != 's') {
      refuse(place, fmt::format("the conversion `!{}` is not supported", conversion));
    }
    std::string nested;
    if (spec.find('{') != std::string_view::npos) {
      std::size_t open = 0;
      while ((open = spec.find('{')) != std::string_view::npos) {
        const std::size_t close = spec.find('}', open);
        if (close == std::string_view::npos) break;
        nested += spec.substr(0, open);
        nested += format(field(spec.substr(open + 1, close - open - 1)), "", place);
        spec.remove_prefix(close + 1);
      }
      nested += spec;
      spec = nested;
    }
    result += format(value, spec, place);
    charge(result.size() / 16 + 1, place);
    i = end - 1;
  }
  charge(result.size(), place);
  return result;
}

std::string Interpreter::percent(std::string_view pattern, const Value& arguments,
                                 const Place& place) {
  std::string result;
  const auto* tuple = arguments.get_if<Tuple>();
  const auto* mapping = unwrapped(arguments).get_if<Dict>();
  const bool listed = unwrapped(arguments).get_if<List>() != nullptr;
  std::size_t used = 0;
  const auto next = [&]() -> Value {
    if (tuple == nullptr) {
      if (used++ > 0) raise("TypeError", "not enough arguments for format string", place);
      return arguments;
    }
    if (used >= tuple->items->size()) {
      raise("TypeError", "not enough arguments for format string", place);
    }
    return (*tuple->items)[used++];
  };
  bool by_name = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      result += pattern[i];
      continue;
    }
    if (++i >= pattern.size()) raise("ValueError", "incomplete format", place);
    if (pattern[i] == '%') {
      result += '%';
      continue;
    }
    std::optional<Value> value;
    if (pattern[i] == '(') {
      const std::size_t close = pattern.find(')', i);
      if (close == std::string_view::npos) raise("ValueError", "incomplete format key", place);
      if (mapping == nullptr) {
        if (is_symbolic(arguments)) {
          refuse(place, fmt::format("cannot tell the items of `{}`", describe(arguments)));
        }
        raise("TypeError", "format requires a mapping", place);
      }
      value = subscript(arguments, std::string(pattern.substr(i + 1, close - i - 1)), place);
      by_name = true;
      i = close + 1;
    }
    std::string flags;
    while (i < pattern.size() &&
           std::string_view("#0- +").find(pattern[i]) != std::string_view::npos) {
      flags += pattern[i++];
    }
    std::string width;
    while (i < pattern.size() && ((pattern[i] >= '0' && pattern[i] <= '9') || pattern[i] == '.')) {
      width += pattern[i++];
    }
    if (i >= pattern.size()) raise("ValueError", "incomplete format", place);
    const char type = pattern[i];
    if (!value) value = next();
    if (const auto* why = value->get_if<Why>()) need(*why, place);
    const bool left = flags.find('-') != std::string::npos;
    std::string spec = left ? "<" : ">";
    if (flags.find('0') != std::string::npos && !left) spec = "0=";
    if (type == 's' || type == 'r') {
      const std::string shown = type == 's' ? text(*value, place) : representation(*value, place);
      if (spec == "0=") spec = ">";
      result += width.empty() ? shown : format(shown, spec + width, place);
    } else if (std::string_view("diufFeEgGxXo").find(type) != std::string_view::npos) {
      if (is_symbolic(*value)) {
        if (const Why why = unknown_of(*value, place)) need(why, place);
        refuse(place,
               fmt::format("cannot tell `{}` as text without running the app", describe(*value)));
      }
      const auto number = as_number(*value);
      if (!number) {
        raise("TypeError",
              fmt::format("%{} format: a real number is required, not {}", type, type_name(*value)),
              place);
      }
      Value shown = as_int(*value) ? Value(*as_int(*value)) : Value(*number);
      char kind = type;
      if (type == 'd' || type == 'i' || type == 'u') {
        kind = 'd';
        if (!as_int(*value)) shown = static_cast<std::int64_t>(*number);
        if (width.find('.') != std::string::npos) refuse(place, "this `%` format is not supported");
      }
      if (flags.find('+') != std::string::npos)
        spec += '+';
      else if (flags.find(' ') != std::string::npos)
        spec += ' ';
      if (flags.find('#') != std::string::npos) spec += '#';
      result += format(shown, spec + width + kind, place);
    } else {
      refuse(place, fmt::format("the format `%{}` is not supported", type));
    }
    charge(result.size() / 16 + 1, place);
  }
  if (tuple != nullptr && used < tuple->items->size()) {
    raise("TypeError", "not all arguments converted during string formatting", place);
  }
  if (tuple == nullptr && mapping == nullptr && !listed && used == 0 && !by_name) {
    raise("TypeError", "not all arguments converted during string formatting", place);
  }
  charge(result.size(), place);
  return result;
}

}  // namespace driftd::python
