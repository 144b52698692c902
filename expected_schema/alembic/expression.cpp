#include "expected_schema/alembic/expression.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/alembic/types.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Attribute;
using python::Operation;
using python::Symbol;
using python::Term;
using python::Value;

namespace {

/// SQL and the operator at its top: empty where it needs no parentheses as an operand.
struct Sql {
  std::string text;
  std::string top;
};

std::string operand(const Sql& sql) {
  return sql.top.empty() ? sql.text : "(" + sql.text + ")";
}

const std::map<std::string, std::string, std::less<>>& negations() {
  static const std::map<std::string, std::string, std::less<>> table{
      {"=", "!="},
      {"!=", "="},
      {"<", ">="},
      {">=", "<"},
      {">", "<="},
      {"<=", ">"},
      {"IS", "IS NOT"},
      {"IS NOT", "IS"},
      {"IN", "NOT IN"},
      {"NOT IN", "IN"},
      {"LIKE", "NOT LIKE"},
      {"NOT LIKE", "LIKE"},
      {"ILIKE", "NOT ILIKE"},
      {"NOT ILIKE", "ILIKE"},
      {"~", "!~"},
      {"!~", "~"},
      {"IS DISTINCT FROM", "IS NOT DISTINCT FROM"},
      {"IS NOT DISTINCT FROM", "IS DISTINCT FROM"},
      {"BETWEEN", "NOT BETWEEN"}};
  return table;
}

class Printer {
 public:
  Printer(std::string what, const Place& place) : what_(std::move(what)), place_(place) {}

  Sql print(const Value& value, Texts texts) {
    if (const auto* text = text_in(value)) {
      if (texts == Texts::Sql) return {text_clause(*text, {}, place_), ""};
      if (texts == Texts::Name) return {quote_identifier(*text), ""};
      return {string_literal(*text), ""};
    }
    if (const auto* symbol = value.get_if<Symbol>()) return name(short_name(symbol->path), value);
    if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
      if (const std::string column = column_name_of(value); !column.empty()) {
        return {quote_identifier(column), ""};
      }
      if ((*attribute)->name == "astext") return as_text(*(*attribute)->object);
      refuse(value);
    }
    if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
      return print_operation(**operation, value);
    }
    if (const Term* term = value.term()) {
      return term->object != nullptr ? method(*term, value) : function(*term, value);
    }
    if (const std::optional<std::string> constant = literal(value)) return {*constant, ""};
    refuse(value);
  }

 private:
  [[noreturn]] void refuse(const Value& value) {
    const Term* term = value.term();
    not_understood(fmt::format("{} with the expression {}", what_, python::repr(value)),
                   term != nullptr ? term->place : place_,
                   "Write the expression as sa.text(\"...\").");
  }

  Sql literal_operand(const Value& value) { return print(value, Texts::Literal); }

  Sql binary(const Value& left, const std::string& op, const Value& right) {
    const Sql l = literal_operand(left);
    const Sql r = literal_operand(right);
    // a + b + c groups to the left in SQL as in Python.
    const bool flat = l.top == op && (op == "||" || op == "+");
    return {fmt::format("{} {} {}", flat ? l.text : operand(l), op, operand(r)), op};
  }

  Sql equality(const Value& left, bool equal, const Value& right) {
    const bool null = right.is_none() || made_by(right) == "null";
    if (null)
      return {fmt::format("{} {} NULL", operand(literal_operand(left)), equal ? "IS" : "IS NOT"),
              equal ? "IS" : "IS NOT"};
    return binary(left, equal ? "=" : "!=", right);
  }

  Sql junction(const std::vector<Value>& values, const std::string& op) {
    std::vector<std::string> parts;
    Sql only;
    for (const Value& value : values) {
      only = print(value, Texts::Sql);
      parts.push_back(only.top == op ? only.text : operand(only));
    }
    if (parts.size() == 1) return only;
    return {join(parts, " " + op + " "), op};
  }

  /// NOT, as SQLAlchemy writes it: a comparison turns into its opposite.
  Sql negate(const Value& value) {
    if (const std::string name = made_by(value); name == "true" || name == "false") {
      return {name == "true" ? "false" : "true", ""};
    }
    const Sql sql = print(value, Texts::Sql);
    const auto opposite = negations().find(sql.top);
    if (opposite == negations().end()) return {"NOT " + operand(sql), "NOT"};
    return opposite_of(value, sql, opposite->second);
  }

  /// The operator of the printed text is found where the printer put it: behind the left operand.
  Sql opposite_of(const Value& value, const Sql& sql, const std::string& op) {
    const Value* left = nullptr;
    if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
      left = (*operation)->left.get();
    } else if (const Term* term = value.term(); term != nullptr && term->object != nullptr) {
      left = term->object.get();
    }
    if (left == nullptr) return {"NOT (" + sql.text + ")", "NOT"};
    const std::string before = operand(literal_operand(*left));
    const std::string old = before + " " + sql.top + " ";
    if (!sql.text.starts_with(old)) return {"NOT (" + sql.text + ")", "NOT"};
    return {before + " " + op + " " + sql.text.substr(old.size()), op};
  }

  Sql print_operation(const Operation& operation, const Value& value) {
    const Value& left = *operation.left;
    const std::string& op = operation.op;
    if (op == "~" || op == "not") return negate(left);
    if (op == "neg" || (op == "-" && operation.right == nullptr)) {
      return {"-" + operand(literal_operand(left)), "neg"};
    }
    if (operation.right == nullptr) refuse(value);
    const Value& right = *operation.right;
    if (op == "==" || op == "!=") return equality(left, op == "==", right);
    if (op == "&" || op == "and") return junction({left, right}, "AND");
    if (op == "|" || op == "or") return junction({left, right}, "OR");
    if (op == "[]") {
      if (const std::string column = column_name_of(value); !column.empty()) {
        return {quote_identifier(column), ""};
      }
      if (sequence_in(right) != nullptr) return json_path(left, "#>", right);
      return binary(left, "->", right);
    }
    if (op == "+") {
      const bool text = text_in(left) != nullptr || text_in(right) != nullptr;
      return binary(left, text || concatenates(left) ? "||" : "+", right);
    }
    for (const std::string_view plain : {"<", "<=", ">", ">=", "-", "*", "/", "%"}) {
      if (op == plain) return binary(left, op, right);
    }
    refuse(value);
  }

  static bool concatenates(const Value& value) {
    const auto* operation = value.get_if<std::shared_ptr<const Operation>>();
    return operation != nullptr && (*operation)->op == "+" &&
           (text_in(*(*operation)->left) != nullptr || text_in(*(*operation)->right) != nullptr ||
            concatenates(*(*operation)->left));
  }

  Sql as_text(const Value& object) {
    const auto* operation = object.get_if<std::shared_ptr<const Operation>>();
    if (operation == nullptr || (*operation)->op != "[]") refuse(object);
    return binary(*(*operation)->left, "->>", *(*operation)->right);
  }

  /// `column[["a", "b"]]`: the path is a text array's literal, as SQLAlchemy writes it.
  Sql json_path(const Value& left, const std::string& op, const Value& keys) {
    std::vector<std::string> tokens;
    for (const Value& key : *sequence_in(keys)) {
      if (const auto* text = text_in(key)) {
        tokens.push_back(*text);
      } else if (const auto* number = key.get_if<std::int64_t>()) {
        tokens.push_back(std::to_string(*number));
      } else {
        refuse(keys);
      }
    }
    return {fmt::format("{} {} {}", operand(literal_operand(left)), op,
                        string_literal("{" + join(tokens, ", ") + "}")),
            op};
  }

  /// `column["a"].as_string()` and its like: the text of the element, cast.
  std::optional<Sql> json_as(const std::string& method, const Value& object, const Term& term) {
    static const std::map<std::string, std::string, std::less<>> types{{"as_string", "VARCHAR"},
                                                                       {"as_integer", "INTEGER"},
                                                                       {"as_float", "FLOAT"},
                                                                       {"as_boolean", "BOOLEAN"}};
    const auto* operation = object.get_if<std::shared_ptr<const Operation>>();
    const auto found = types.find(method);
    if (operation == nullptr || (*operation)->op != "[]") return std::nullopt;
    if (method == "as_json" && term.arguments.positional.empty()) return literal_operand(object);
    if (found == types.end()) return std::nullopt;
    const Value& key = *(*operation)->right;
    const Sql element = sequence_in(key) != nullptr ? json_path(*(*operation)->left, "#>>", key)
                                                    : binary(*(*operation)->left, "->>", key);
    return Sql{fmt::format("CAST({} AS {})", operand(element), found->second), ""};
  }

  /// A name without a call: `sa.func.now`, `sa.true` are callables and mean nothing by themselves.
  Sql name(const std::string& short_path, const Value& value) {
    if (short_path == "true" || short_path == "false") return {short_path, ""};
    if (short_path == "null") return {"NULL", ""};
    refuse(value);
  }

  std::string list(const std::vector<Value>& values) {
    std::vector<std::string> parts;
    parts.reserve(values.size());
    for (const Value& value : values) parts.push_back(literal_operand(value).text);
    return join(parts, ", ");
  }

  Sql function(const Term& term, const Value& value) {
    const std::string name = short_name(term.callee);
    const std::vector<Value>& given = term.arguments.positional;
    if (name.starts_with("func.")) return sql_function(name.substr(5), term, value);
    if (name == "text" || name == "literal_column" || name == "DDL") {
      if (given.empty() || text_in(given[0]) == nullptr) refuse(value);
      if (name == "literal_column") return {*text_in(given[0]), ""};
      return {text_clause(*text_in(given[0]), {}, term.place), ""};
    }
    if (name == "column" || name == "Column") {
      const std::string column = column_name_of(value);
      if (column.empty()) refuse(value);
      return {quote_identifier(column), ""};
    }
    if (name == "true" || name == "false") return {name, ""};
    if (name == "null") return {"NULL", ""};
    if (name == "and_") return junction(given, "AND");
    if (name == "or_") return junction(given, "OR");
    if (name == "case") return case_when(term, value);
    if (name == "array") return {"ARRAY[" + list(items_of(given, value)) + "]", ""};
    if (name == "postgresql.array") return {"ARRAY[" + list(items_of(given, value)) + "]", ""};
    if (name == "tuple_") return {"(" + list(given) + ")", ""};
    if (given.empty()) refuse(value);
    if (name == "literal" || name == "bindparam" || name == "inline_literal" ||
        name == "type_coerce" || name == "alembic.op.inline_literal") {
      if (name == "bindparam") refuse(value);
      return literal_operand(given[0]);
    }
    if (name == "not_") return negate(given[0]);
    if (name == "conv" || name == "quoted_name") return literal_operand(given[0]);
    if (name == "desc" || name == "asc") {
      return {operand(print(given[0], Texts::Name)) + (name == "desc" ? " DESC" : " ASC"), "order"};
    }
    if (name == "nulls_first" || name == "nullsfirst" || name == "nulls_last" ||
        name == "nullslast") {
      return {print(given[0], Texts::Name).text +
                  (name.ends_with("first") ? " NULLS FIRST" : " NULLS LAST"),
              "order"};
    }
    if (given.size() >= 2) {
      if (name == "cast") {
        return {fmt::format("CAST({} AS {})", literal_operand(given[0]).text,
                            type_sql(given[1], term.place)),
                ""};
      }
      if (name == "extract" && text_in(given[0]) != nullptr) {
        return {fmt::format("EXTRACT({} FROM {})", *text_in(given[0]),
                            operand(literal_operand(given[1]))),
                ""};
      }
      if (name == "collate" && text_in(given[1]) != nullptr) {
        return {
            operand(literal_operand(given[0])) + " COLLATE " + quote_identifier(*text_in(given[1])),
            "COLLATE"};
      }
      if (name == "between" && given.size() == 3) return between(given[0], given[1], given[2]);
    }
    refuse(value);
  }

  const std::vector<Value>& items_of(const std::vector<Value>& given, const Value& value) {
    const auto* items = given.size() == 1 ? sequence_in(given[0]) : nullptr;
    if (items == nullptr) refuse(value);
    return *items;
  }

  Sql between(const Value& value, const Value& low, const Value& high) {
    return {fmt::format("{} BETWEEN {} AND {}", operand(literal_operand(value)),
                        operand(literal_operand(low)), operand(literal_operand(high))),
            "BETWEEN"};
  }

  /// ANSI names stand without parentheses; the rest is printed as it is written, as SQLAlchemy does
  /// but for characters that no bare name may have.
  Sql sql_function(const std::string& path, const Term& term, const Value& value) {
    if (path == "next_value" && term.arguments.positional.size() == 1) {
      const Value& given = term.arguments.positional.front();
      if (given.term() != nullptr && made_by(given) == "Sequence") return next_value(*given.term());
    }
    for (const auto& [keyword, argument] : term.arguments.keyword) {
      if (keyword != "type_") refuse(value);
    }
    static const std::map<std::string, std::string, std::less<>> bare{
        {"current_timestamp", "CURRENT_TIMESTAMP"}, {"current_date", "CURRENT_DATE"},
        {"current_time", "CURRENT_TIME"},           {"localtime", "LOCALTIME"},
        {"localtimestamp", "LOCALTIMESTAMP"},       {"current_user", "CURRENT_USER"},
        {"session_user", "SESSION_USER"},           {"user", "USER"}};
    const std::string arguments = list(term.arguments.positional);
    if (const auto found = bare.find(lower(path)); found != bare.end() && arguments.empty()) {
      return {found->second, ""};
    }
    std::vector<std::string> parts;
    for (const std::string& part : split(path, '.')) {
      const bool plain = part.find_first_not_of(
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
                             "YZ0123456789_$") == std::string::npos;
      parts.push_back(plain ? part : quote_identifier(part));
    }
    return {join(parts, ".") + "(" + arguments + ")", ""};
  }

  Sql case_when(const Term& term, const Value& value) {
    std::string sql = "CASE";
    const Value* subject = term.arguments.find("value");
    if (subject != nullptr) sql += " " + operand(literal_operand(*subject));
    std::vector<Value> whens = term.arguments.positional;
    if (whens.size() == 1) {
      if (const auto* list = whens[0].get_if<python::List>()) whens = std::vector<Value>(**list);
    }
    for (const Value& when : whens) {
      const auto* pair = sequence_in(when);
      if (pair == nullptr || pair->size() != 2) refuse(value);
      const Sql condition =
          subject != nullptr ? literal_operand((*pair)[0]) : print((*pair)[0], Texts::Sql);
      sql +=
          fmt::format(" WHEN {} THEN {}", operand(condition), operand(literal_operand((*pair)[1])));
    }
    if (const Value* otherwise = term.arguments.find("else_")) {
      sql += " ELSE " + operand(literal_operand(*otherwise));
    }
    return {sql + " END", "CASE"};
  }

  Sql like(const Value& left, const std::string& op, const std::string& pattern, const Term& term) {
    std::string sql = fmt::format("{} {} {}", operand(literal_operand(left)), op, pattern);
    if (const Value* escape = term.arguments.find("escape")) {
      sql += " ESCAPE " + literal_operand(*escape).text;
    }
    return {sql, op};
  }

  Sql method(const Term& term, const Value& value) {
    const Value& object = *term.object;
    const std::string& name = term.callee;
    const std::vector<Value>& given = term.arguments.positional;
    static const std::map<std::string, std::string, std::less<>> likes{
        {"like", "LIKE"},         {"ilike", "ILIKE"},        {"notlike", "NOT LIKE"},
        {"not_like", "NOT LIKE"}, {"notilike", "NOT ILIKE"}, {"not_ilike", "NOT ILIKE"}};
    if (given.empty()) {
      if (name == "desc" || name == "asc") {
        return {operand(literal_operand(object)) + (name == "desc" ? " DESC" : " ASC"), "order"};
      }
      if (name == "nulls_first" || name == "nullsfirst") {
        return {literal_operand(object).text + " NULLS FIRST", "order"};
      }
      if (name == "nulls_last" || name == "nullslast") {
        return {literal_operand(object).text + " NULLS LAST", "order"};
      }
      if (auto cast = json_as(name, object, term)) return *cast;
      if (name == "self_group") return literal_operand(object);
      if (name == "next_value") {
        const Term* sequence = object.term();
        if (sequence != nullptr && made_by(object) == "Sequence") return next_value(*sequence);
      }
      refuse(value);
    }
    if (name == "bindparams" || name == "columns") refuse(value);
    if (name == "is_" || name == "isnot" || name == "is_not") {
      const std::string op = name == "is_" ? "IS" : "IS NOT";
      return {fmt::format("{} {} {}", operand(literal_operand(object)), op,
                          literal_operand(given[0]).text),
              op};
    }
    if (name == "in_" || name == "notin_" || name == "not_in") {
      const auto* items = sequence_in(given[0]);
      if (items == nullptr || items->empty()) refuse(value);
      const std::string op = name == "in_" ? "IN" : "NOT IN";
      return {fmt::format("{} {} ({})", operand(literal_operand(object)), op, list(*items)), op};
    }
    if (const auto found = likes.find(name); found != likes.end()) {
      return like(object, found->second, operand(literal_operand(given[0])), term);
    }
    if (name == "startswith" || name == "endswith" || name == "contains") {
      std::string pattern = operand(literal_operand(given[0]));
      if (name != "startswith") pattern = "'%' || " + pattern;
      if (name != "endswith") pattern += " || '%'";
      return like(object, "LIKE", pattern, term);
    }
    if (name == "between" && given.size() == 2) return between(object, given[0], given[1]);
    if (name == "concat") return binary(object, "||", given[0]);
    if (name == "regexp_match") return binary(object, "~", given[0]);
    if (name == "is_distinct_from") return binary(object, "IS DISTINCT FROM", given[0]);
    if (name == "is_not_distinct_from" || name == "isnot_distinct_from") {
      return binary(object, "IS NOT DISTINCT FROM", given[0]);
    }
    if (name == "cast") {
      return {fmt::format("CAST({} AS {})", literal_operand(object).text,
                          type_sql(given[0], term.place)),
              ""};
    }
    if (name == "collate" && text_in(given[0]) != nullptr) {
      return {operand(literal_operand(object)) + " COLLATE " + quote_identifier(*text_in(given[0])),
              "COLLATE"};
    }
    if (const Term* custom = method_call(object, "op"); custom != nullptr && name == "__call__") {
      const auto* op = custom->arguments.positional.empty()
                           ? nullptr
                           : text_in(custom->arguments.positional.front());
      if (op != nullptr) return binary(*custom->object, *op, given[0]);
    }
    refuse(value);
  }

  Sql next_value(const Term& sequence) {
    if (sequence.arguments.positional.empty()) refuse(*sequence.object);
    const auto* name = text_in(sequence.arguments.positional.front());
    const Value* schema = sequence.arguments.find("schema");
    if (name == nullptr) refuse(sequence.arguments.positional.front());
    std::string sql = quote_identifier(*name);
    if (schema != nullptr && text_in(*schema) != nullptr) {
      sql = quote_identifier(*text_in(*schema)) + "." + sql;
    }
    return {"nextval(" + string_literal(sql) + ")", ""};
  }

  std::string what_;
  Place place_;
};

}  // namespace

std::string expression_sql(const Value& value, Texts texts, const std::string& what,
                           const Place& place) {
  return Printer(what, place).print(value, texts).text;
}

std::string grouped_sql(const Value& value, Texts texts, const std::string& what,
                        const Place& place) {
  const Sql sql = Printer(what, place).print(value, texts);
  // text() is the writer's own and a sort order stands outside of parentheses.
  return sql.top.empty() || sql.top == "order" ? sql.text : "(" + sql.text + ")";
}

std::string column_name_of(const Value& value) {
  if (const Term* term = value.term(); term != nullptr && term->object == nullptr) {
    const std::string name = short_name(term->callee);
    if (name != "column" && name != "Column") return {};
    const Value* given = term->arguments.find("name");
    if (given == nullptr) given = term->arguments.find("text");
    if (given == nullptr && !term->arguments.positional.empty()) {
      given = &term->arguments.positional.front();
    }
    const auto* text = given == nullptr ? nullptr : text_in(*given);
    return text == nullptr ? std::string() : *text;
  }
  const auto of_columns = [](const Value& object) {
    const auto* attribute = object.get_if<std::shared_ptr<const Attribute>>();
    return attribute != nullptr && ((*attribute)->name == "c" || (*attribute)->name == "columns");
  };
  if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
    return of_columns(*(*attribute)->object) ? (*attribute)->name : std::string();
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    if ((*operation)->op != "[]" || !of_columns(*(*operation)->left)) return {};
    const auto* text = text_in(*(*operation)->right);
    return text == nullptr ? std::string() : *text;
  }
  return {};
}

}  // namespace driftd::alembic
