#include "expected_schema/alembic/naming_tokens.h"

#include <map>
#include <mutex>
#include <vector>

#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;

namespace {

// What SQLAlchemy hands to such a function, as far as a name is made of it.
constexpr std::string_view kArguments = R"(
class Table:
    def __init__(self, name, schema):
        self.name = name
        self.key = name
        self.schema = schema

    def __str__(self):
        return self.name if self.schema is None else self.schema + '.' + self.name


class Column:
    def __init__(self, name, table):
        self.name = name
        self.key = name
        self.table = table


class Element:
    def __init__(self, column):
        self.column = column


class Constraint:
    def __init__(self, name, columns, unique, table, referred):
        self.name = name
        self.columns = columns
        self.unique = unique
        self.table = table
        self.elements = [Element(column) for column in referred]


def text(function, name, columns, unique, table, schema, referred_table, referred_columns):
    table = Table(table, schema)
    other = Table(referred_table, None)
    columns = [Column(column, table) for column in columns]
    referred = [Column(column, other) for column in referred_columns]
    return str(function(Constraint(name, columns, unique, table, referred), table))
)";

Value optional_text(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value();
}

Value texts(const std::vector<std::string>& items) {
  std::vector<Value> values;
  for (const std::string& item : items) values.emplace_back(item);
  return python::list_of(std::move(values));
}

/// Of all that a function may ask for.
std::string key_of(const std::string& token, const Unnamed& unnamed) {
  std::vector<std::string> facts{token, unnamed.name.value_or(""), unnamed.table,
                                 unnamed.schema.value_or(""), unnamed.referred_table};
  facts.push_back(unnamed.name ? "named" : "");
  facts.push_back(unnamed.schema ? "qualified" : "");
  facts.push_back(unnamed.columns_known ? "known" : "");
  facts.push_back(!unnamed.unique ? "" : *unnamed.unique ? "unique" : "not unique");
  facts.push_back(std::to_string(unnamed.columns.size()));
  facts.insert(facts.end(), unnamed.columns.begin(), unnamed.columns.end());
  facts.insert(facts.end(), unnamed.referred_columns.begin(), unnamed.referred_columns.end());
  return join(facts, std::string(1, '\0'));
}

}  // namespace

struct NamingTokens::State {
  std::shared_ptr<python::Host> host;  // outlives the evaluator, which refers to it
  std::shared_ptr<python::Evaluator> evaluator;
  std::shared_ptr<python::Module> module;
  std::mutex one_at_a_time;
  std::map<std::string, std::optional<std::string>> known;  // by key_of
};

NamingTokens::NamingTokens(std::shared_ptr<python::Host> host,
                           std::shared_ptr<python::Evaluator> evaluator)
    : state_(std::make_unique<State>()) {
  state_->host = std::move(host);
  state_->evaluator = std::move(evaluator);
  state_->module = state_->evaluator->load("driftd_naming", "naming_tokens.py", kArguments);
}

NamingTokens::~NamingTokens() = default;

std::optional<std::string> NamingTokens::text(const std::string& token, const Value& function,
                                              const Unnamed& unnamed, const Place& place) const {
  const std::lock_guard lock(state_->one_at_a_time);
  const auto [known, fresh] = state_->known.try_emplace(key_of(token, unnamed));
  if (!fresh) return known->second;
  const auto unknown = [&](const char* what) { return python::unknown(what, place); };
  try {
    python::Evaluator& evaluator = *state_->evaluator;
    const Value columns =
        unnamed.columns_known ? texts(unnamed.columns) : unknown("the columns of an expression");
    const Value unique = unnamed.unique ? Value(*unnamed.unique) : unknown("whether it is unique");
    const Value result = evaluator.call(
        *evaluator.global(*state_->module, "text"),
        {{function, optional_text(unnamed.name), columns, unique, unnamed.table,
          optional_text(unnamed.schema), unnamed.referred_table, texts(unnamed.referred_columns)},
         {}},
        place);
    if (const std::string* text = text_in(result)) known->second = *text;
  } catch (const Error&) {
    // Nothing: the caller says which name is not known, and where.
  }
  return known->second;
}

}  // namespace driftd::alembic
