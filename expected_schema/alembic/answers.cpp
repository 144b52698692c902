#include "expected_schema/alembic/answers.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

constexpr std::string_view kResult = "driftd.result";
constexpr std::string_view kRow = "driftd.row";
constexpr std::string_view kScalars = "driftd.scalars";

// pg_type.oid of the types that the catalogue has (pg_type.dat; they never change).
bool is_one_of(std::uint32_t type, std::initializer_list<std::uint32_t> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}
bool is_bool(std::uint32_t type) {
  return type == 16;
}
bool is_integer(std::uint32_t type) {
  return is_one_of(type, {20, 21, 23, 26});
}
bool is_text(std::uint32_t type) {
  // "char", name, text, varchar, bpchar, unknown, and the reg... types
  return is_one_of(type, {18, 19, 25, 1043, 1042, 705, 2202, 2205, 2206, 4089, 4096, 24});
}

/// The type of an array's items; zero where it is none of those known here.
std::uint32_t item_type(std::uint32_t array) {
  switch (array) {
    case 1000:
      return 16;
    case 1005:
    case 1006:
    case 1007:
    case 1016:
    case 1028:
    case 22:  // int2vector
      return 20;
    case 1002:
    case 1003:
    case 1009:
    case 1014:
    case 1015:
      return 25;
    default:
      return 0;
  }
}

/// `{a,"b c",NULL}`; nothing for an array of arrays.
std::optional<std::vector<std::optional<std::string>>> array_items(std::string_view text) {
  std::vector<std::optional<std::string>> items;
  if (!text.starts_with('{') || !text.ends_with('}')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size();) {
    std::string item;
    const bool quoted = text[at] == '"';
    if (quoted) {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        item += text[at];
      }
      ++at;
    } else {
      if (text[at] == '{') return std::nullopt;
      const std::size_t end = std::min(text.find(',', at), text.size());
      item = text.substr(at, end - at);
      at = end;
    }
    items.push_back(!quoted && item == "NULL" ? std::nullopt : std::optional(item));
    ++at;  // the comma
  }
  return items;
}

Value made(std::string_view maker, std::vector<Value> values, const Place& place,
           const std::vector<std::string>& names = {}) {
  Term term{std::string(maker), nullptr, {std::move(values), {}}, place};
  if (!names.empty()) {
    std::vector<Value> columns(names.begin(), names.end());
    term.arguments.keyword.emplace_back("columns", python::list_of(std::move(columns)));
  }
  return std::make_shared<const Term>(std::move(term));
}

const Term* made_as(const Value& value, std::string_view maker) {
  const Term* term = value.term();
  return term != nullptr && !term->object && term->callee == maker ? term : nullptr;
}

std::vector<std::string> columns_of(const Term& term) {
  std::vector<std::string> names;
  const Value* columns = term.arguments.find("columns");
  const auto* items = columns == nullptr ? nullptr : sequence_in(*columns);
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    names.push_back(*text_in((*items)[i]));
  }
  return names;
}

Value dictionary_of(const Term& row) {
  std::vector<std::pair<Value, Value>> pairs;
  const auto names = columns_of(row);
  for (std::size_t i = 0; i < names.size(); ++i) {
    pairs.emplace_back(Value(names[i]), row.arguments.positional[i]);
  }
  return Value(std::make_shared<std::vector<std::pair<Value, Value>>>(std::move(pairs)));
}

/// What stands in a row's first column, or the item itself of scalars().
Value scalar_of(const Value& item) {
  const Term* row = made_as(item, kRow);
  return row == nullptr ? item : row->arguments.positional.front();
}

bool is_name(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Value cell_value(const std::optional<std::string>& text, std::uint32_t type, const Place& place) {
  if (!text) return {};
  if (is_bool(type)) return *text == "t";
  if (is_integer(type)) {
    std::int64_t number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
  }
  if (is_text(type) && text->find(open_default) != std::string::npos) {
    return python::unknown("the default of a column, which is not known,", place);
  }
  if (is_text(type)) return *text;
  if (const std::uint32_t inner = item_type(type); inner != 0) {
    if (const auto items = array_items(*text)) {
      std::vector<Value> values;
      for (const auto& item : *items) values.push_back(cell_value(item, inner, place));
      return python::list_of(std::move(values));
    }
  }
  return python::unknown("a value of a query, of a type that is an object in Python,", place);
}

Value result_of(const Answer& answer, const Place& place) {
  std::vector<Value> rows;
  for (const auto& cells : answer.rows) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      values.push_back(cell_value(cells[i], answer.types[i], place));
    }
    rows.push_back(made(kRow, std::move(values), place, answer.columns));
  }
  return made(kResult, std::move(rows), place, answer.columns);
}

Value unknown_result(const Place& place) {
  return python::unknown("what the query at " + to_string(place) + " gave", place);
}

bool is_result(const Value& value) {
  return made_as(value, kResult) != nullptr || made_as(value, kScalars) != nullptr;
}

bool is_row(const Value& value) {
  return made_as(value, kRow) != nullptr;
}

std::vector<Value> result_items(const Value& value) {
  return value.term()->arguments.positional;
}

std::optional<Value> row_item(const Value& row, const Value& key) {
  const Term* term = made_as(row, kRow);
  if (term == nullptr) return std::nullopt;
  const auto& values = term->arguments.positional;
  if (const auto* number = key.get_if<std::int64_t>()) {
    const auto size = static_cast<std::int64_t>(values.size());
    const std::int64_t at = *number < 0 ? *number + size : *number;
    if (at >= 0 && at < size) return values[static_cast<std::size_t>(at)];
  }
  if (const auto* name = text_in(key)) return result_attribute(row, *name);
  return std::nullopt;
}

std::optional<Value> result_attribute(const Value& object, const std::string& name) {
  if (const Term* row = made_as(object, kRow)) {
    const auto names = columns_of(*row);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) {
      return row->arguments.positional[static_cast<std::size_t>(found - names.begin())];
    }
    if (name == "_mapping") return dictionary_of(*row);
    return std::nullopt;
  }
  if (is_result(object) && name == "rowcount") {
    return Value(static_cast<std::int64_t>(result_items(object).size()));
  }
  return std::nullopt;
}

std::optional<Value> result_method(python::Evaluator&, const Term& call) {
  const Value& object = *call.object;
  const std::string& name = call.callee;
  if (const Term* row = made_as(object, kRow)) {
    if (name == "_asdict") return dictionary_of(*row);
    if (name == "keys") {
      const auto names = columns_of(*row);
      return python::list_of({names.begin(), names.end()});
    }
    if (name == "values" || name == "_tuple") return python::tuple_of(row->arguments.positional);
    if (name == "items") {
      std::vector<Value> pairs;
      const auto names = columns_of(*row);
      for (std::size_t i = 0; i < names.size(); ++i) {
        pairs.push_back(python::tuple_of({Value(names[i]), row->arguments.positional[i]}));
      }
      return python::list_of(std::move(pairs));
    }
    return std::nullopt;
  }
  if (!is_result(object)) return std::nullopt;
  const Term& result = *object.term();
  const std::vector<Value>& rows = result.arguments.positional;
  const bool scalars = made_as(object, kScalars) != nullptr;
  if (is_name(name, {"fetchall", "all", "partitions", "fetchmany"})) return python::list_of(rows);
  if (is_name(name, {"fetchone", "first", "one_or_none", "one"})) {
    if (name == "one" && rows.empty()) not_understood("result.one() of no row", call.place);
    return rows.empty() ? Value() : rows.front();
  }
  if (is_name(name, {"scalar", "scalar_one_or_none", "scalar_one"}) && !scalars) {
    if (name == "scalar_one" && rows.empty()) {
      not_understood("result.scalar_one() of no row", call.place);
    }
    return rows.empty() ? Value() : scalar_of(rows.front());
  }
  if (name == "scalars" && !scalars) {
    std::vector<Value> values;
    for (const Value& row : rows) values.push_back(scalar_of(row));
    return made(kScalars, std::move(values), call.place);
  }
  if (name == "mappings") {
    std::vector<Value> values;
    for (const Value& row : rows) values.push_back(dictionary_of(*row.term()));
    return made(kScalars, std::move(values), call.place);
  }
  if (name == "keys") {
    const auto names = columns_of(result);
    return python::list_of({names.begin(), names.end()});
  }
  if (name == "close") return Value();
  return std::nullopt;
}

}  // namespace driftd::alembic
