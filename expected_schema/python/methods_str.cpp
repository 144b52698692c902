#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/parameters.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

using Method = Value (*)(Interpreter&, const Arguments&, const Place&);

const std::string& self_of(const Arguments& arguments) {
  return *as_text(arguments.positional.front());
}

void ascii_only(std::string_view text, std::string_view method, const Place& place) {
  if (is_ascii(text)) return;
  refuse(place, fmt::format("`{}` of text beyond ASCII is not supported", method));
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
bool is_blank(char c) {
  return std::string_view(" \t\n\r\f\v\x1c\x1d\x1e\x1f").find(c) != std::string_view::npos;
}
char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

template <typename Change>
Value each(Interpreter& it, const Arguments& arguments, std::string_view name, const Place& place,
           const Change& change) {
  const Given given(it, name, arguments, {"self"}, place);
  std::string text = self_of(arguments);
  ascii_only(text, name, place);
  std::transform(text.begin(), text.end(), text.begin(), change);
  return text;
}

template <typename Test>
Value every(Interpreter& it, const Arguments& arguments, std::string_view name, const Place& place,
            const Test& test) {
  const Given given(it, name, arguments, {"self"}, place);
  const std::string& text = self_of(arguments);
  ascii_only(text, name, place);
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

/// At least one letter, and none of the other case.
Value one_case(Interpreter& it, const Arguments& arguments, std::string_view name,
               const Place& place, bool (*other)(char)) {
  const Given given(it, name, arguments, {"self"}, place);
  const std::string& text = self_of(arguments);
  ascii_only(text, name, place);
  return std::any_of(text.begin(), text.end(), is_letter) &&
         std::none_of(text.begin(), text.end(), other);
}

Value title(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "title", arguments, {"self"}, place);
  std::string text = self_of(arguments);
  ascii_only(text, "title", place);
  bool inside = false;
  for (char& c : text) {
    c = inside ? to_lower(c) : to_upper(c);
    inside = is_letter(c);
  }
  return text;
}

Value capitalize(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "capitalize", arguments, {"self"}, place);
  std::string text = self_of(arguments);
  ascii_only(text, "capitalize", place);
  for (std::size_t i = 0; i < text.size(); ++i)
    text[i] = i == 0 ? to_upper(text[i]) : to_lower(text[i]);
  return text;
}

Value strip(Interpreter& it, const Arguments& arguments, const Place& place,
            std::string_view name) {
  const Given given(it, name, arguments, {"self", "chars?"}, place);
  std::string_view text = self_of(arguments);
  std::string set = " \t\n\r\f\v\x1c\x1d\x1e\x1f";
  if (given.has(1) && !given[1].is_none()) {
    set = given.text(1);
    ascii_only(set, name, place);
  }
  if (name != "rstrip") text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  if (name != "lstrip") text = text.substr(0, text.find_last_not_of(set) + 1);
  return std::string(text);
}

Value split_text(Interpreter& it, const Arguments& arguments, const Place& place, bool right) {
  const Given given(it, right ? "rsplit" : "split", arguments, {"self", "sep?", "maxsplit?"},
                    place);
  const std::string& text = self_of(arguments);
  std::int64_t most = given.has(2) ? given.integer(2) : -1;
  const bool blank = !given.has(1) || given[1].is_none();
  if (right && most >= 0 && blank)
    refuse(place, "`rsplit` at blanks with a limit is not supported");
  it.charge(text.size() + sizeof(Value), place);
  std::vector<Value> parts;
  const auto add = [&](std::string_view part) {
    it.charge(sizeof(Value), place);
    parts.emplace_back(std::string(part));
  };
  std::string_view rest = text;
  if (blank) {
    const auto skip = [&] {
      while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    };
    for (skip(); !rest.empty(); skip()) {
      if (most-- == 0) {
        add(rest.substr(0, rest.find_last_not_of(" \t\n\r\f\v\x1c\x1d\x1e\x1f") + 1));
        break;
      }
      const auto end =
          static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), is_blank) - rest.begin());
      add(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    return list_of(std::move(parts));
  }
  const std::string& separator = given.text(1);
  if (separator.empty()) it.raise("ValueError", "empty separator", place);
  for (; most != 0; --most) {
    const std::size_t at = right ? rest.rfind(separator) : rest.find(separator);
    if (at == std::string_view::npos) break;
    if (right) {
      add(rest.substr(at + separator.size()));
      rest = rest.substr(0, at);
    } else {
      add(rest.substr(0, at));
      rest.remove_prefix(at + separator.size());
    }
  }
  add(rest);
  if (right) std::reverse(parts.begin(), parts.end());
  return list_of(std::move(parts));
}

Value splitlines(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "splitlines", arguments, {"self", "keepends?"}, place);
  const bool keep = given.has(1) && it.truth(given[1], place);
  std::string_view rest = self_of(arguments);
  std::vector<Value> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("\n\r\v\f"), rest.size());
    std::size_t next = std::min(end + 1, rest.size());
    if (end + 1 < rest.size() && rest[end] == '\r' && rest[end + 1] == '\n') ++next;
    it.charge(sizeof(Value) + next, place);
    lines.emplace_back(std::string(rest.substr(0, keep ? next : end)));
    rest.remove_prefix(next);
  }
  return list_of(std::move(lines));
}

Value join_text(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "join", arguments, {"self", "iterable"}, place);
  const std::string& separator = self_of(arguments);
  std::string text;
  bool first = true;
  std::size_t number = 0;
  for (const Value& item : it.items(given[1], place)) {
    const std::string* one = as_text(item);
    if (const auto* why = item.get_if<Why>()) it.need(*why, place);
    std::optional<std::string> answer;
    if (one == nullptr && is_symbolic(item)) {
      answer = it.text(item, place);
      one = &*answer;
    }
    if (one == nullptr) {
      it.raise(
          "TypeError",
          fmt::format("sequence item {}: expected str instance, {} found", number, type_name(item)),
          place);
    }
    it.charge(one->size() + separator.size(), place);
    if (!std::exchange(first, false)) text += separator;
    text += *one;
    ++number;
  }
  return text;
}

Value replace(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "replace", arguments, {"self", "old", "new", "count?"}, place);
  const std::string& from = given.text(1);
  const std::string& to = given.text(2);
  std::int64_t most = given.has(3) ? given.integer(3) : -1;
  if (from.empty()) refuse(place, "`replace` of empty text is not supported");
  std::string_view rest = self_of(arguments);
  it.charge(rest.size(), place);
  std::string text;
  for (; most != 0; --most) {
    const std::size_t at = rest.find(from);
    if (at == std::string_view::npos) break;
    it.charge(to.size(), place);
    text += rest.substr(0, at);
    text += to;
    rest.remove_prefix(at + from.size());
  }
  text += rest;
  return text;
}

Value find_text(Interpreter& it, const Arguments& arguments, const Place& place,
                std::string_view name) {
  const Given given(it, name, arguments, {"self", "sub", "start?", "end?"}, place);
  if (given.has(2) || given.has(3))
    refuse(place, fmt::format("`{}` within a range is not supported", name));
  const std::string& text = self_of(arguments);
  if (name == "count") {
    const std::string& part = given.text(1);
    if (part.empty()) return static_cast<std::int64_t>(characters(text) + 1);
    std::int64_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
      ++count;
    return count;
  }
  const std::size_t at =
      name.starts_with("r") ? text.rfind(given.text(1)) : text.find(given.text(1));
  if (at == std::string::npos) {
    if (name.ends_with("index")) it.raise("ValueError", "substring not found", place);
    return std::int64_t{-1};
  }
  return static_cast<std::int64_t>(characters(std::string_view(text).substr(0, at)));
}

Value begins(Interpreter& it, const Arguments& arguments, const Place& place, bool start) {
  const Given given(it, start ? "startswith" : "endswith", arguments, {"self", "prefix"}, place);
  const std::string& text = self_of(arguments);
  std::vector<Value> options{given[1]};
  if (const auto* tuple = given[1].get_if<Tuple>()) options = *tuple->items;
  for (const Value& option : options) {
    const std::string* part = as_text(option);
    if (part == nullptr) {
      if (is_symbolic(option)) {
        refuse(place,
               fmt::format("cannot tell `{}` as text without running the app", describe(option)));
      }
      it.raise("TypeError", "startswith first arg must be str or a tuple of str", place);
    }
    if (start ? text.starts_with(*part) : text.ends_with(*part)) return true;
  }
  return false;
}

Value justify(Interpreter& it, const Arguments& arguments, const Place& place, char align) {
  const Given given(it, "ljust", arguments, {"self", "width", "fillchar?"}, place);
  const std::int64_t width = given.integer(1);
  const std::string& text = self_of(arguments);
  if (width <= static_cast<std::int64_t>(characters(text))) return text;
  it.charge(static_cast<std::size_t>(width), place);
  const std::string fill = given.has(2) ? given.text(2) : " ";
  if (characters(fill) != 1)
    it.raise("TypeError", "The fill character must be exactly one character long", place);
  if (align == '^') refuse(place, "`center` is not supported");
  std::string padding;
  for (auto left = width - static_cast<std::int64_t>(characters(text)); left > 0; --left)
    padding += fill;
  return align == '<' ? text + padding : padding + text;
}

Value zfill(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "zfill", arguments, {"self", "width"}, place);
  const std::string& text = self_of(arguments);
  const auto missing = given.integer(1) - static_cast<std::int64_t>(characters(text));
  if (missing <= 0) return text;
  it.charge(static_cast<std::size_t>(missing), place);
  const bool sign = text.starts_with('-') || text.starts_with('+');
  return text.substr(0, sign ? 1 : 0) + std::string(static_cast<std::size_t>(missing), '0') +
         text.substr(sign ? 1 : 0);
}

Value partition(Interpreter& it, const Arguments& arguments, const Place& place, bool right) {
  const Given given(it, "partition", arguments, {"self", "sep"}, place);
  const std::string& text = self_of(arguments);
  const std::string& separator = given.text(1);
  if (separator.empty()) it.raise("ValueError", "empty separator", place);
  const std::size_t at = right ? text.rfind(separator) : text.find(separator);
  if (at == std::string::npos) {
    if (right) return tuple_of({Value(std::string()), Value(std::string()), Value(text)});
    return tuple_of({Value(text), Value(std::string()), Value(std::string())});
  }
  return tuple_of(
      {Value(text.substr(0, at)), Value(separator), Value(text.substr(at + separator.size()))});
}

Value remove_affix(Interpreter& it, const Arguments& arguments, const Place& place, bool prefix) {
  const Given given(it, "removeprefix", arguments, {"self", "affix"}, place);
  const std::string& text = self_of(arguments);
  const std::string& affix = given.text(1);
  if (prefix && text.starts_with(affix)) return text.substr(affix.size());
  if (!prefix && text.ends_with(affix)) return text.substr(0, text.size() - affix.size());
  return text;
}

Value encode(Interpreter& it, const Arguments& arguments, const Place& place) {
  const Given given(it, "encode", arguments, {"self", "encoding?", "errors?"}, place);
  const std::string name = given.has(1) ? lower(given.text(1)) : "utf-8";
  const std::string& text = self_of(arguments);
  if (name != "utf-8" && name != "utf8" &&
      !((name == "ascii" || name == "latin-1") && is_ascii(text))) {
    refuse(place, fmt::format("the encoding `{}` is not supported", name));
  }
  return Bytes{text};
}

const std::map<std::string, Method, std::less<>>& table() {
#define ANSWER(expression) \
  [](Interpreter& it, const Arguments& given, const Place& place) -> Value { return expression; }
  static const std::map<std::string, Method, std::less<>> methods = {
      {"upper", ANSWER(each(it, given, "upper", place, to_upper))},
      {"lower", ANSWER(each(it, given, "lower", place, to_lower))},
      {"casefold", ANSWER(each(it, given, "casefold", place, to_lower))},
      {"swapcase", ANSWER(each(it, given, "swapcase", place,
                               [](char c) { return is_upper(c) ? to_lower(c) : to_upper(c); }))},
      {"isdigit", ANSWER(every(it, given, "isdigit", place, is_digit))},
      {"isnumeric", ANSWER(every(it, given, "isnumeric", place, is_digit))},
      {"isalpha", ANSWER(every(it, given, "isalpha", place, is_letter))},
      {"isspace", ANSWER(every(it, given, "isspace", place, is_blank))},
      {"isalnum", ANSWER(every(it, given, "isalnum", place,
                               [](char c) { return is_letter(c) || is_digit(c); }))},
      {"isupper", ANSWER(one_case(it, given, "isupper", place, is_lower))},
      {"islower", ANSWER(one_case(it, given, "islower", place, is_upper))},
      {"title", title},
      {"capitalize", capitalize},
      {"strip", ANSWER(strip(it, given, place, "strip"))},
      {"lstrip", ANSWER(strip(it, given, place, "lstrip"))},
      {"rstrip", ANSWER(strip(it, given, place, "rstrip"))},
      {"split", ANSWER(split_text(it, given, place, false))},
      {"rsplit", ANSWER(split_text(it, given, place, true))},
      {"splitlines", splitlines},
      {"join", join_text},
      {"replace", replace},
      {"find", ANSWER(find_text(it, given, place, "find"))},
      {"rfind", ANSWER(find_text(it, given, place, "rfind"))},
      {"index", ANSWER(find_text(it, given, place, "index"))},
      {"rindex", ANSWER(find_text(it, given, place, "rindex"))},
      {"count", ANSWER(find_text(it, given, place, "count"))},
      {"startswith", ANSWER(begins(it, given, place, true))},
      {"endswith", ANSWER(begins(it, given, place, false))},
      {"ljust", ANSWER(justify(it, given, place, '<'))},
      {"rjust", ANSWER(justify(it, given, place, '>'))},
      {"zfill", zfill},
      {"partition", ANSWER(partition(it, given, place, false))},
      {"rpartition", ANSWER(partition(it, given, place, true))},
      {"removeprefix", ANSWER(remove_affix(it, given, place, true))},
      {"removesuffix", ANSWER(remove_affix(it, given, place, false))},
      {"encode", encode},
  };
#undef ANSWER
  return methods;
}

}  // namespace

std::optional<Native> Interpreter::str_method(const std::string& name) {
  if (name == "format") {
    return [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
      const std::string pattern = self_of(arguments);
      arguments.positional.erase(arguments.positional.begin());
      return it.format_text(pattern, arguments, place);
    };
  }
  if (name == "format_map") {
    return [](Interpreter& it, Arguments arguments, const Place& place) -> Value {
      const Given given(it, "format_map", arguments, {"self", "mapping"}, place);
      Arguments named;
      const auto* dict = unwrapped(given[1]).get_if<Dict>();
      if (dict == nullptr) refuse(place, "`format_map` of this is not supported");
      for (const auto& [key, value] : **dict) {
        if (const std::string* text = as_text(key)) named.keyword.emplace_back(*text, value);
      }
      return it.format_text(self_of(arguments), named, place);
    };
  }
  const auto found = table().find(name);
  if (found == table().end()) return std::nullopt;
  return [method = found->second](Interpreter& it, Arguments arguments, const Place& place) {
    return method(it, arguments, place);
  };
}

}  // namespace driftd::python
