#include "expected_schema/alembic/literal.h"

#include <fmt/format.h>

#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Value;

namespace {

bool word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

std::optional<std::vector<std::int64_t>> whole_numbers(const std::vector<Value>& values) {
  std::vector<std::int64_t> result;
  for (const Value& value : values) {
    const auto* number = value.get_if<std::int64_t>();
    if (number == nullptr) return std::nullopt;
    result.push_back(*number);
  }
  return result;
}

/// `datetime.date(2024, 1, 31)` and its like, by position, without a time zone.
std::optional<std::string> moment(const std::string& maker, const python::Arguments& arguments) {
  const bool date = maker == "datetime.date";
  const bool time = maker == "datetime.time";
  if (!date && !time && maker != "datetime.datetime") return std::nullopt;
  std::optional<std::vector<std::int64_t>> parts = whole_numbers(arguments.positional);
  if (!parts || !arguments.keyword.empty() || (!time && parts->size() < 3)) return std::nullopt;
  parts->resize(7);
  const std::vector<std::int64_t>& p = *parts;
  if (date) return fmt::format("'{:04}-{:02}-{:02}'", p[0], p[1], p[2]);
  if (time) return fmt::format("'{:02}:{:02}:{:02}.{:06}'", p[0], p[1], p[2], p[3]);
  return fmt::format("'{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}'", p[0], p[1], p[2], p[3], p[4],
                     p[5], p[6]);
}

}  // namespace

std::string string_literal(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

std::optional<std::string> literal(const Value& value) {
  if (value.is_none()) return "NULL";
  if (const auto* flag = value.get_if<bool>()) return *flag ? "true" : "false";
  if (const auto* number = value.get_if<std::int64_t>()) return fmt::format("{}", *number);
  if (const auto* number = value.get_if<double>()) return fmt::format("{}", *number);
  if (const auto* text = text_in(value)) return string_literal(*text);
  if (const auto* bytes = value.get_if<python::Bytes>()) {
    std::string hex;
    for (const char c : bytes->data) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return "'\\x" + hex + "'";
  }
  const python::Term* term = value.term();
  if (term == nullptr || term->object != nullptr) return std::nullopt;
  if (term->callee == "decimal.Decimal" || term->callee == "uuid.UUID") {
    if (term->arguments.positional.size() != 1) return std::nullopt;
    const Value& inner = term->arguments.positional.front();
    const auto* text = text_in(inner);
    if (term->callee == "uuid.UUID" || text == nullptr) return literal(inner);
    // Anything but a plain number (`Infinity`, `'1'; drop`) is not ours to print bare.
    return text->find_first_not_of("+-.0123456789eE") == std::string::npos ? *text
                                                                           : string_literal(*text);
  }
  return moment(term->callee, term->arguments);
}

namespace {

/// `missing` gives the SQL of a parameter without a value.
template <typename Missing>
std::string bound_text(const std::string& text, const Binds& binds, const Missing& missing) {
  std::string result;
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == ':' && i + 1 < text.size() && word(text[i + 1]) &&
        (i == 0 || (text[i - 1] != ':' && text[i - 1] != '\\' && !word(text[i - 1])))) {
      std::size_t end = i + 1;
      while (end < text.size() && word(text[end])) ++end;
      if (end < text.size() && text[end] == ':') --end;  // `(?!:)` makes `\w+` give one back
      if (end > i + 1) {
        const std::string name = text.substr(i + 1, end - i - 1);
        const auto bound = binds.find(name);
        result += bound == binds.end() ? missing(name) : bound->second;
        i = end;
        continue;
      }
    }
    if (c == '\\' && i + 1 < text.size() && text[i + 1] == ':') {
      std::size_t end = i + 2;
      while (end < text.size() && (word(text[end]) || text[end] == '$')) ++end;
      if (end == text.size() || text[end] != ':') {
        result += text.substr(i + 1, end - i - 1);
        i = end;
        continue;
      }
    }
    result += c;
    ++i;
  }
  return result;
}

}  // namespace

std::string text_clause(const std::string& text, const Binds& binds, const Place& place) {
  return bound_text(text, binds, [&](const std::string& name) -> std::string {
    not_understood(fmt::format("bind parameter :{} without a value", name), place,
                   "Give it a value with .bindparams(), or write \\: for a colon.");
  });
}

std::string partial_text_clause(const std::string& text, const Binds& binds) {
  return bound_text(text, binds, [](const std::string&) { return std::string("$1"); });
}

}  // namespace driftd::alembic
