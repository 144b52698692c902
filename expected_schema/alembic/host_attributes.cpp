#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/dialect.h"
#include "expected_schema/alembic/host.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/library_attributes.h"
#include "expected_schema/alembic/run_time.h"
#include "expected_schema/alembic/symbols.h"

/// What an attribute or an item of something that is not the source's own gives.
namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

/// The name that a column, table, index or constraint was given.
std::optional<std::string> name_of_construct(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object) return std::nullopt;
  const std::string maker = made_by(value);
  const Value* name = term->arguments.find("name");
  const bool first = maker == "Column" || maker == "column" || maker == "Table" ||
                     maker == "table" || maker == "Index" || maker == "Sequence";
  if (name == nullptr && first && !term->arguments.positional.empty()) {
    name = &term->arguments.positional.front();
  }
  const auto* text = name == nullptr ? nullptr : text_in(*name);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

}  // namespace

std::optional<Value> Host::attribute(const Value& object, const std::string& name,
                                     const Place& place) {
  if (auto answer = result_attribute(object, name)) return answer;
  if (auto answer = reflections_.attribute(object, name, place)) return answer;
  if (object.get_if<std::shared_ptr<python::Class>>() != nullptr) {
    // Of a model: what it is called is not known here, what is done with it is.
    if (name == "__table__") {
      return Value(std::make_shared<const Term>(
          Term{"sqlalchemy.Table",
               nullptr,
               {{python::unknown("the table of a class of the application", place)}, {}},
               place}));
    }
    if (name == "metadata") return symbol(kModelsMetadata);
    if (name == "as_mutable") return symbol("sqlalchemy.ext.mutable.Mutable.as_mutable");
    return python::unknown("an attribute of a class of the application", place);
  }
  if (name == "name") {
    if (const auto given = name_of_construct(object)) return Value(*given);
  }
  if (is_flask_database(object)) return flask_attribute(name);
  if (auto answer = library_attribute(object, name, place)) return answer;
  const auto* path = object.get_if<Symbol>();
  if (path == nullptr) return std::nullopt;
  if (const auto own = passed_on(path->path + "." + name)) return symbol(*own);
  const std::string whole = path->path + "." + name;
  if (const auto assigned = assigned_.find(whole); assigned != assigned_.end()) {
    return assigned->second;
  }
  if (whole != "os.environ.get") {
    if (auto unsure = known_at_run_time(whole, place)) return unsure;
  }
  if (path->path == kUrl) {
    if (name == "drivername") return Value(std::string("postgresql"));
    if (name == "scheme") return url_text(place);
    if (name != "get_backend_name" && name != "get_dialect" && name != "render_as_string") {
      return python::unknown("the database's URL", place);
    }
    return std::nullopt;
  }
  if (path->path + "." == kOperations) {
    if (name == "_proxy") return *path;
    if (name == "migration_context") return symbol(kContext);
  }
  if (path->path == kDialect) {
    if (auto answer = dialect_attribute(name)) return answer;
  }
  const bool connection = path->path.starts_with(kConnection) || path->path.starts_with(kContext) ||
                          path->path.starts_with(kSession) || path->path.starts_with(kInspector);
  if (!connection) return std::nullopt;
  const bool context = path->path.starts_with(kContext);
  if (name == "name" || name == "dialect_name") return Value(std::string("postgresql"));
  if (name == "as_sql") return Value(false);
  if (name == "dialect") return symbol(kDialect);
  if (name == "bind" || name == "connection" || name == "engine") return symbol(kConnection);
  if (name == "default_schema_name" && !context) {
    const auto answer = sink_ == nullptr
                            ? std::nullopt
                            : sink_->query({"SELECT current_schema()", place, revision_, true});
    if (answer && !answer->rows.empty() && answer->rows.front().front()) {
      return Value(*answer->rows.front().front());
    }
    return python::unknown("the default schema", place);
  }
  if (context && name == "version_table_schema" && around_.version_table_schema) {
    const std::string& schema = *around_.version_table_schema;
    return schema.empty() ? Value() : Value(schema);
  }
  if (name == "url") return symbol(kUrl);
  if (context && (name == "config" || name == "opts" || name == "version_table_schema")) {
    return python::unknown("Alembic's configuration", place);
  }
  return std::nullopt;
}

std::optional<Value> Host::subscript(const Value& object, const Value& key, const Place& place) {
  const auto* path = object.get_if<Symbol>();
  if (path != nullptr && path->path == "os.environ") {
    const auto* name = text_in(key);
    if (name != nullptr && around_.environment_complete && !around_.environment.contains(*name)) {
      // Migrations that were applied did not end in a KeyError.
      return python::unknown("the variable " + *name, place,
                             "Declare it in the settings, environment: {" + *name + ": value}.");
    }
    return environment({{key}, {}}, place);
  }
  if (path != nullptr && path->path == std::string(kModelsMetadata) + ".tables" &&
      text_in(key) != nullptr) {
    if (text_in(key)->find('.') != std::string::npos) {
      return python::unknown("a table of the application", place);
    }
    return Value(
        std::make_shared<const Term>(Term{"sqlalchemy.Table", nullptr, {{key}, {}}, place}));
  }
  if (auto column = reflections_.item(object, key)) return column;
  return row_item(object, key);
}

}  // namespace driftd::alembic
