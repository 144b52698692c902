#include "expected_schema/alembic/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/dialect.h"
#include "expected_schema/alembic/files.h"
#include "expected_schema/alembic/foreign_calls.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/import_roots.h"
#include "expected_schema/alembic/libraries.h"
#include "expected_schema/alembic/library_attributes.h"
#include "expected_schema/alembic/operations.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/alembic/run_time.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/alembic/types.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

bool knows(std::string_view path) {
  return path.starts_with("sqlalchemy.") || path.starts_with("alembic.") ||
         path.starts_with("sqlmodel.") || path.starts_with("importlib.resources.") ||
         path.starts_with("importlib_resources.") || is_harmless(path);
}

/// Whether a value is the database's URL, as it came from a configuration.
bool is_url(const Value& value) {
  if (const auto* path = value.get_if<Symbol>()) {
    // The option that oslo.db registers.
    return path->path.starts_with("oslo_config.") &&
           path->path.ends_with(".CONF.database.connection");
  }
  const auto* unknown = value.unknown();
  return unknown != nullptr && unknown->text && unknown->text->starts_with("postgresql");
}

/// `sa.inspect(bind)`, `Session(bind)`, ...: the symbol that stands for what it gives.
std::optional<std::string_view> way_to_database(std::string_view path) {
  const bool library = path.starts_with("sqlalchemy.") || path.starts_with("sqlmodel.");
  if (!library) return std::nullopt;
  const std::string_view name = path.substr(path.rfind('.') + 1);
  if (name == "inspect" || name == "Inspector" || path.ends_with("Inspector.from_engine")) {
    return kInspector;
  }
  if (name == "Session" || name == "scoped_session" || name == "AsyncSession") return kSession;
  if (name == "sessionmaker") return kSessionMaker;
  return std::nullopt;
}

/// Whether the value gives the callee a way to the database.
bool is_connection(const Value& value) {
  const auto* path = value.get_if<Symbol>();
  return path != nullptr && path->path.starts_with("alembic.op");
}

bool hands_over_connection(const python::Arguments& arguments) {
  return std::any_of(arguments.positional.begin(), arguments.positional.end(), is_connection) ||
         std::any_of(arguments.keyword.begin(), arguments.keyword.end(),
                     [](const auto& pair) { return is_connection(pair.second); });
}

/// Whether the callee may run code of the migration, or operations of it.
bool hands_over_code(const python::Arguments& arguments) {
  const auto code = [](const Value& value) {
    return value.get_if<std::shared_ptr<python::Function>>() != nullptr || is_connection(value);
  };
  return std::any_of(arguments.positional.begin(), arguments.positional.end(), code) ||
         std::any_of(arguments.keyword.begin(), arguments.keyword.end(),
                     [&](const auto& pair) { return code(pair.second); });
}

/// Whether what a library's function is given keeps it from doing anything to a schema.
bool cannot_reach_database(std::string_view path, const python::Arguments& arguments) {
  // What they are given is called on a text, or later.
  static constexpr std::string_view calls[] = {
      "re",         "dataclasses", "enum",  "decouple",    "environs",     "starlette",
      "speaklater", "yaml",        "babel", "flask_babel", "configparser", "flexmock"};
  const std::string_view module = path.substr(0, path.find('.'));
  if (std::ranges::find(calls, module) != std::end(calls)) {
    return !hands_over_connection(arguments);
  }
  return !hands_over_code(arguments);
}

[[noreturn]] void app_call(const std::string& path, const Place& place) {
  not_understood("the call of " + path, place,
                 "The application's code is not run; write what it does in the migration.");
}

/// Whether a path is an operator of an attribute of a class, by the look of their names.
bool is_condition(std::string_view path, std::string_view name) {
  static constexpr std::string_view operators[] = {
      "is_",   "isnot", "is_not",     "in_",      "notin_",   "not_in", "like",
      "ilike", "desc",  "startswith", "endswith", "contains", "asc",    "between"};
  if (std::ranges::find(operators, name) == std::end(operators)) return false;
  const std::vector<std::string> parts = split(std::string(path), '.');
  const auto& owner = parts.size() < 3 ? std::string() : parts[parts.size() - 3];
  return !owner.empty() && owner.front() >= 'A' && owner.front() <= 'Z';
}

bool makes_logger(std::string_view function) {
  return function == "get_logger" || function == "getLogger" || function == "get_module_logger" ||
         function == "getLoggerAdapter";
}

Target batch_target(const Term& batch) {
  const Call call(
      batch, "op.batch_alter_table",
      {"table_name", "schema", "recreate", "partial_reordering", "copy_from", "table_args",
       "table_kwargs", "reflect_args", "reflect_kwargs", "naming_convention"});
  if (const auto recreate = call.find("recreate")) {
    const auto* text = text_in(*recreate);
    if (text == nullptr || *text == "always") {
      call.refuse("recreate", "Alter the table in place; PostgreSQL needs no new one.");
    }
  }
  return {call.need_text("table_name"), call.text("schema")};
}

}  // namespace

Host::Host(StatementSink* sink, std::string revision, std::string folder, Surroundings around)
    : sink_(sink),
      revision_(std::move(revision)),
      folder_(std::move(folder)),
      around_(std::move(around)) {}

bool Host::stays_symbol(const std::string& path) {
  return around_.types.contains(path);
}

std::optional<python::Host::Source> Host::module_source(const std::string& module, const Place&) {
  if (folder_.empty() || knows(module + ".") || is_library(module)) return std::nullopt;
  std::string name = module;
  while (name.starts_with('.')) name.erase(0, 1);
  const std::vector<std::string> parts = split(name, '.');
  const bool plain = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && part.find('/') == std::string::npos;
  });
  if (!plain) return std::nullopt;
  const std::filesystem::path relative = join(parts, "/");
  const auto in = [&](const std::filesystem::path& base) -> std::optional<Source> {
    std::error_code ignored;
    for (const auto& file : {base / (relative.string() + ".py"), base / relative / "__init__.py"}) {
      if (std::filesystem::is_regular_file(file, ignored)) {
        return Source{file.string(), read_file(file.string())};
      }
    }
    return std::nullopt;
  };
  // The folder of the file, the script directory, and the folder that Alembic adds to the path.
  for (std::filesystem::path base = folder_; const int up : {0, 1, 2}) {
    if (up > 0) base = base.parent_path();
    if (base.empty()) break;
    if (up == 2 && parts.front() != base.filename() &&
        std::filesystem::path(folder_).parent_path().filename() != parts.front()) {
      break;
    }
    if (auto found = in(base)) return found;
  }
  for (const std::string& root : around_.import_roots) {
    if (auto found = in(root)) return found;
  }
  if (!is_known_by_name(module)) {
    for (const std::string& folder : around_.packages) {
      if (auto found = in(folder)) return found;
    }
  }
  // Who a revision is, is said without the application.
  if (sink_ == nullptr) return std::nullopt;
  for (const std::filesystem::path& above : folders_above(folder_)) {
    if (auto found = in(above)) return found;
  }
  return std::nullopt;
}

std::optional<Value> Host::operation(python::Evaluator& evaluator, const Term& call,
                                     std::string name, std::optional<Target> batch) {
  if (name == "f") {
    const Call arguments(call, "op.f", {"name"});
    std::string text = arguments.need_text("name");
    // With a convention it counts whether a name came from here: then it stays the call.
    if (around_.naming.empty()) return Value(std::move(text));
    return Value(std::make_shared<const Term>(
        Term{std::string(kOperations) + "f", nullptr, call.arguments, call.place}));
  }
  if (name == "get_bind") return symbol(kConnection);
  if (name == "get_context") return symbol(kContext);
  if (name == "inline_literal") return std::nullopt;
  if (name == "batch_alter_table") {
    batch_target(call);
    return std::nullopt;
  }
  if (sink_ == nullptr) not_understood("op." + name + " outside of upgrade()", call.place);
  const Emitter emitter = emitter_at(evaluator, call.place);
  const Step step{call, std::move(name), std::move(batch), emitter};
  if (!run_operation(step)) not_understood(step.shown(), call.place);
  // op.create_table gives the table, for op.bulk_insert and table.c.
  if (step.name == "create_table") return std::nullopt;
  return Value();
}

Emitter Host::emitter_at(python::Evaluator& evaluator, const Place& place) const {
  if (sink_ == nullptr) not_understood("a database outside of upgrade()", place);
  return {evaluator, *sink_, revision_, place, around_, &changed_};
}

std::optional<Value> Host::method(python::Evaluator& evaluator, const Term& call) {
  const Value& object = *call.object;
  if (is_flask_database(object)) {
    if (const auto named = flask_attribute(call.callee)) {
      return evaluator.call(*named, call.arguments, call.place);
    }
  }
  if (made_by(object) == "alembic.op.batch_alter_table" && object.term()->object == nullptr) {
    return operation(evaluator, call, call.callee, batch_target(*object.term()));
  }
  if (object.get_if<std::shared_ptr<python::Class>>() != nullptr) {
    if (is_type_class(object, evaluator)) return Value(std::make_shared<const Term>(call));
    for (const Value& base : evaluator.bases(object)) {
      // `class Database(SQLAlchemy)`: what it adds is not seen, what it is is.
      const auto* path = base.get_if<Symbol>();
      if (path == nullptr) continue;
      const Value made = std::make_shared<const Term>(Term{path->path, nullptr, {}, call.place});
      if (is_flask_database(made)) return made;
    }
    // An object of a model: a row, which nobody needs to know.
    return python::unknown("an object of the application", call.place);
  }
  if (auto answer = result_method(evaluator, call)) return answer;
  if (auto answer = reflections_.method(call)) return answer;
  if (call.callee == "dialect_impl" && looks_like_type(object)) return object;
  const std::string root = path_of(root_of(object));
  if (!root.empty() && is_library(root) && cannot_reach_database(root, call.arguments)) {
    return python::unknown("what " + root + " gives", call.place);
  }
  if (!root.empty() && !knows(root) && !root.starts_with("driftd.")) {
    if (only_computes(evaluator, root + "." + call.callee, call)) {
      return python::unknown("what " + root + " gives", call.place);
    }
    app_call(root + "." + call.callee, call.place);
  }

  if (call.callee == "create" || call.callee == "drop") {
    if (auto answer = create_or_drop(evaluator, call)) return answer;
  }
  const bool library = root.starts_with("sqlalchemy.");
  if (library && call.callee == "clear") reflections_.forget(object.term());
  if (library && call.callee == "reflect") {
    // Beside tables of the source's own what is reflected would not be all.
    const bool alone = std::ranges::find(described_, object.term()) == described_.end();
    if (sink_ != nullptr && made_by(object) == "MetaData" && object.term() && alone) {
      reflections_.metadata(object, call, emitter_at(evaluator, call.place));
    }
    if (object.term() != nullptr) described_.push_back(object.term());
    return Value();
  }
  static constexpr std::string_view effects[] = {"create",   "drop",    "create_all",
                                                 "drop_all", "execute", "reflect"};
  const bool effect = library && std::find(std::begin(effects), std::end(effects), call.callee) !=
                                     std::end(effects);
  const std::string maker = short_name(root);
  if ((call.callee == "create_all" || call.callee == "drop_all") &&
      has_no_tables(evaluator, object))
    return Value();
  if (effect) {
    not_understood(fmt::format("{}(...).{}", maker.empty() ? maker : "sa." + maker, call.callee),
                   call.place,
                   "Write it with the operations of Alembic, such as op.create_table().");
  }
  return std::nullopt;
}

void Host::class_made(const Value& type) {
  classes_.push_back(type);
}

void Host::note_metadata(const python::Arguments& arguments) {
  const auto note = [&](const Value& value) {
    if (made_by(value) != "MetaData" || value.term() == nullptr) return;
    described_.push_back(value.term());
    reflections_.forget(value.term());
  };
  for (const Value& value : arguments.positional) note(value);
  for (const auto& [name, value] : arguments.keyword) note(value);
}

bool Host::has_no_tables(const python::Evaluator& evaluator, const Value& metadata) const {
  const Term* term = metadata.term();
  if (made_by(metadata) != "MetaData" || term == nullptr) return false;
  if (term->arguments.find("reflect") != nullptr) return false;
  return std::ranges::find(described_, term) == described_.end() &&
         std::ranges::none_of(classes_, [&](const Value& type) {
           return evaluator.class_attribute(type, "metadata").has_value();
         });
}

bool Host::only_computes(const python::Evaluator& evaluator, const std::string& path,
                         const Term& call) {
  if (folder_.empty()) return false;
  if (evaluator.discards(call.place) && !names_a_check(path)) return false;
  if (!application_) {
    std::filesystem::path above = folder_;
    constexpr int most = 4;  // folders of versions may lie in each other
    for (int i = 0; i < most; ++i, above = above.parent_path()) {
      application_ = packages_of_env(above / "env.py");
      if (!application_->empty()) break;
    }
  }
  return only_computes_elsewhere(path, call.arguments, *application_);
}

std::vector<std::string> Host::file_roots() const {
  if (folder_.empty()) return {};
  return {std::filesystem::path(folder_).parent_path().string(), folder_};
}

std::optional<Value> Host::call(python::Evaluator& evaluator, const Term& call) {
  note_metadata(call.arguments);
  if (auto answer = file_call(call, file_roots())) return answer;
  if (call.object) return method(evaluator, call);
  if (sink_ != nullptr && is_reflecting(call)) {
    if (auto table = reflections_.table(call, emitter_at(evaluator, call.place))) return table;
  }
  const std::string& path = call.callee;
  if (const auto own = passed_on(path)) {
    return evaluator.call(Value(Symbol{*own}), call.arguments, call.place);
  }
  // A decorator that says something to type checkers only.
  if (path == "sqlalchemy.orm.declarative_mixin" && call.arguments.positional.size() == 1) {
    return call.arguments.positional.front();
  }
  // Mutable.as_mutable(type) is the type, for which changes inside of a value are tracked.
  if (path.ends_with(".as_mutable") && call.arguments.positional.size() == 1 &&
      path.starts_with("sqlalchemy.ext.mutable.")) {
    return call.arguments.positional.front();
  }
  if (path == kAutocommit.substr(0, kAutocommit.size() - 2)) return symbol(kAutocommit);
  if (path == "alembic.context.config.get_main_option") {
    return main_option(call.arguments, call.place);
  }
  if (path == "os.environ.get" || path == "os.getenv")
    return environment(call.arguments, call.place);
  if (const auto unsure = known_at_run_time(path, call.place)) return unsure;
  if (const auto unsure = outcome_at_run_time(path, call.place)) return unsure;
  if (path.starts_with(kModelsMetadata)) {
    call_of_unknown(path.substr(path.rfind('.') + 1), call.arguments, call.place);
    return python::unknown("what the metadata of the application gives", call.place);
  }
  if (path == kSessionMaker || path == kSession) return symbol(kSession);
  if (path.starts_with(kSession)) {
    return session_call(evaluator, call, path.substr(path.rfind('.') + 1));
  }
  if (path.starts_with(kSessionMaker)) return Value();  // configure(), close_all()
  if (path.starts_with(kInspector)) {
    return inspector_call(evaluator, call, path.substr(path.rfind('.') + 1));
  }
  if (const auto way = way_to_database(path)) return symbol(*way);
  if ((path == "urllib.parse.urlparse" || path == "urllib.parse.urlsplit") &&
      !call.arguments.positional.empty() && is_url(call.arguments.positional.front())) {
    return symbol(kUrl);
  }
  if (path.starts_with(kUrl)) {
    if (path.ends_with("get_backend_name")) return Value(std::string("postgresql"));
    if (path.ends_with("get_dialect")) return symbol(kDialect);
    return url_text(call.place);
  }
  if (path == kConnection) return symbol(kConnection);  // session.connection()
  if (path.ends_with(".IdentifierPreparer") || path.ends_with(".PGIdentifierPreparer")) {
    if (path.starts_with("sqlalchemy.")) return symbol(kPreparer);
  }
  if (path.starts_with(kPreparer)) {
    if (auto name = preparer_call(path.substr(path.rfind('.') + 1), call.arguments)) return name;
  }
  if (path.starts_with(kConnection)) {
    const std::string method = path.substr(path.rfind('.') + 1);
    return connection_call(evaluator, call, method);
  }
  if (path.starts_with(kContext)) {
    if (path.ends_with(".execute")) return connection_call(evaluator, call, "execute");
    not_understood("op.get_context()" + path.substr(kContext.size()), call.place);
  }
  if (path.starts_with(kOperations)) {
    return operation(evaluator, call, path.substr(kOperations.size()), std::nullopt);
  }
  if (path == "alembic.context.is_offline_mode") return Value(false);
  if (path == "alembic.context.get_bind") return symbol(kConnection);
  if (path == "alembic.context.get_context") return symbol(kContext);
  if (path.starts_with("oslo_db.sqlalchemy.enginefacade.") && path.ends_with(".get_engine")) {
    return symbol(kConnection);  // to the one database that the application is set up for
  }
  if (path.starts_with("alembic.context.get_x_argument")) {
    if (around_.environment_complete) {
      const Value* form = call.arguments.find("as_dictionary");
      if (form == nullptr && !call.arguments.positional.empty()) {
        form = &call.arguments.positional.front();
      }
      const bool dictionary = form != nullptr && form->get_if<bool>() && *form->get_if<bool>();
      return dictionary ? Value(std::make_shared<std::vector<std::pair<Value, Value>>>())
                        : python::list_of({});
    }
    return python::unknown("an -x argument of Alembic", call.place);
  }
  if (path.starts_with("alembic.")) not_understood(path, call.place);
  static constexpr std::string_view runs[] = {"os.system", "os.popen", "os.exec", "os.spawn"};
  const bool program = std::any_of(std::begin(runs), std::end(runs),
                                   [&](std::string_view name) { return path.starts_with(name); });
  if (program) app_call(path, call.place);
  const bool calls_back = path == "functools.reduce" || path.starts_with("itertools.");
  if (calls_back && hands_over_code(call.arguments)) app_call(path, call.place);
  if (knows(path)) return std::nullopt;
  if (is_library(path) && cannot_reach_database(path, call.arguments)) {
    return python::unknown("what " + path + " gives", call.place);
  }

  // A class by the look of its name may be a type; what a function of the application does is
  // unknown.
  const std::string name = path.substr(path.rfind('.') + 1);
  const bool is_class = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
  // A logger does what loggers do, whoever makes it.
  if (makes_logger(name) && !hands_over_code(call.arguments)) {
    return python::unknown("the logger of " + path, call.place);
  }
  // `Model.active.is_(True)` of a model that is not mounted: a condition of a query.
  if (is_condition(path, name) && !hands_over_code(call.arguments)) {
    return python::unknown("a condition of the application", call.place);
  }
  if (!is_class || hands_over_connection(call.arguments)) {
    // While only the revision's identity is read, nothing that the file does matters.
    if (sink_ == nullptr || only_computes(evaluator, path, call)) {
      return python::unknown("what " + path + " gives", call.place);
    }
    app_call(path, call.place);
  }
  return std::nullopt;
}

Value Host::main_option(const python::Arguments& asked, const Place& place) const {
  const auto* name = asked.positional.empty() ? nullptr : text_in(asked.positional.front());
  if (name == nullptr || !around_.options) {
    return python::unknown("Alembic's configuration", place);
  }
  const auto found = around_.options->find(*name);
  if (found != around_.options->end()) return Value(found->second);
  const Value* fallback = asked.find("default");
  if (fallback == nullptr && asked.positional.size() > 1) fallback = &asked.positional[1];
  return fallback == nullptr ? Value() : *fallback;
}

Value Host::environment(const python::Arguments& asked, const Place& place) const {
  const auto* name = asked.positional.empty() ? nullptr : text_in(asked.positional.front());
  const std::string shown = name == nullptr ? "the environment" : "the variable " + *name;
  const auto found = name == nullptr ? around_.environment.end() : around_.environment.find(*name);
  if (found != around_.environment.end()) return Value(found->second);
  if (name != nullptr && around_.environment_complete) {
    const Value* fallback = asked.find("default");
    if (fallback == nullptr && asked.positional.size() > 1) fallback = &asked.positional[1];
    return fallback == nullptr ? Value() : *fallback;
  }
  return python::unknown(shown, place,
                         "Declare it in the settings, environment: {" +
                             (name == nullptr ? std::string("NAME") : *name) + ": value}.");
}

void Host::call_of_unknown(const std::string& name, const python::Arguments& arguments,
                           const Place& place) {
  static constexpr std::string_view effects[] = {
      "create",          "create_all",  "drop",     "drop_all",     "execute",
      "exec_driver_sql", "executemany", "run_sync", "run_callable", "upgrade"};
  const bool effect = std::find(std::begin(effects), std::end(effects), name) != std::end(effects);
  if (!effect && !hands_over_code(arguments)) return;
  not_understood(name.empty() ? "a call of what only the application knows"
                              : "." + name + "() of what only the application knows",
                 place, "Write it with the operations of Alembic, or as op.execute() of SQL.");
}

std::optional<bool> Host::takes_exception(const std::string& type, const std::string& raised) {
  return alembic::takes_exception(type, raised);
}

bool Host::takes_assignment(const Value& object, const std::string& name, const Value& value) {
  const std::string root = path_of(root_of(object));
  // `sa.GUID = GUID`, as templates of Advanced Alchemy have it.
  const auto* module = object.get_if<Symbol>();
  const bool type = value.get_if<Symbol>() != nullptr ||
                    value.get_if<std::shared_ptr<python::Class>>() != nullptr;
  if (module != nullptr && module->path == "sqlalchemy" && type) {
    return assigned_.try_emplace("sqlalchemy." + name, value).second;  // one, whatever runs
  }
  const bool bound = name == "bind" && root.starts_with("sqlalchemy.");
  // What the driver is told (autocommit, sane row counts) changes no schema; a statement that
  // refuses a transaction runs alone in a replay anyhow.
  if (root.starts_with(kConnection)) return true;
  return bound || is_library(root) || (is_harmless(root) && !root.starts_with("sqlalchemy."));
}

std::optional<std::vector<Value>> Host::items(const Value& value, const Place&) {
  if (is_result(value) || is_row(value)) return result_items(value);
  if (auto lines = file_lines(value)) return lines;
  if (auto columns = reflections_.items(value)) return columns;
  return std::nullopt;
}

std::optional<Value> Host::enter(const Value& value, const Place&) {
  const auto* path = value.get_if<Symbol>();
  if (path != nullptr && path->path == kAutocommit && sink_ != nullptr) sink_->begin_autocommit();
  return std::nullopt;
}

void Host::leave(const Value& value, const Place&) {
  const auto* path = value.get_if<Symbol>();
  if (path != nullptr && path->path == kAutocommit && sink_ != nullptr) sink_->end_autocommit();
}

}  // namespace driftd::alembic
