#include "expected_schema/alembic/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/enumeration.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/operations.h"
#include "expected_schema/alembic/statement.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

constexpr std::string_view kOperations = "alembic.op.";
constexpr std::string_view kConnection = "alembic.op.get_bind()";
constexpr std::string_view kResult = "alembic.op.get_bind().execute()";
constexpr std::string_view kContext = "alembic.op.get_context()";
constexpr std::string_view kAutocommit = "alembic.op.get_context().autocommit_block()";

Value symbol(std::string_view path) {
  return Value(Symbol{std::string(path)});
}

/// Libraries whose calls neither change a schema nor are needed to know one.
bool harmless(std::string_view path) {
  static constexpr std::string_view modules[] = {
      "logging",     "warnings",  "datetime", "uuid",   "decimal",   "os",
      "sys",         "time",      "json",     "enum",   "typing",    "random",
      "functools",   "itertools", "string",   "re",     "pathlib",   "textwrap",
      "collections", "secrets",   "hashlib",  "base64", "structlog", "loguru"};
  const std::string_view first = path.substr(0, path.find('.'));
  return std::find(std::begin(modules), std::end(modules), first) != std::end(modules);
}

bool knows(std::string_view path) {
  return path.starts_with("sqlalchemy.") || path.starts_with("alembic.") || harmless(path);
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

[[noreturn]] void app_call(const std::string& path, const Place& place) {
  not_understood("the call of " + path, place,
                 "The application's code is not run; write what it does in the migration.");
}

/// The symbol or term that a chain of methods and attributes begins with.
const Value& root_of(const Value& value) {
  const Value* at = &value;
  while (true) {
    if (const Term* term = at->term(); term != nullptr && term->object) {
      at = term->object.get();
    } else if (const auto* attribute = at->get_if<std::shared_ptr<const python::Attribute>>()) {
      at = (*attribute)->object.get();
    } else if (const auto* operation = at->get_if<std::shared_ptr<const python::Operation>>()) {
      at = (*operation)->left.get();
    } else {
      return *at;
    }
  }
}

std::string path_of(const Value& value) {
  if (const auto* path = value.get_if<Symbol>()) return path->path;
  if (const Term* term = value.term(); term != nullptr && !term->object) return term->callee;
  return {};
}

/// textwrap.dedent: the white space that all lines begin with falls away; blank lines become empty.
std::string dedent(const std::string& text) {
  const std::vector<std::string> lines = split(text, '\n');
  std::optional<std::string> margin;
  for (const std::string& line : lines) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string::npos) continue;
    const std::string indent = line.substr(0, start);
    if (!margin) margin = indent;
    const auto differs =
        std::mismatch(margin->begin(), margin->end(), indent.begin(), indent.end());
    margin->erase(differs.first, margin->end());
  }
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    const bool blank = line.find_first_not_of(" \t") == std::string::npos;
    result.push_back(blank ? std::string() : line.substr(margin ? margin->size() : 0));
  }
  return join(result, "\n");
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

Host::Host(StatementSink* sink, std::string revision, std::string folder, NamingConvention naming)
    : sink_(sink),
      revision_(std::move(revision)),
      folder_(std::move(folder)),
      naming_(std::move(naming)) {}

std::optional<python::Host::Source> Host::module_source(const std::string& module, const Place&) {
  if (folder_.empty() || knows(module + ".")) return std::nullopt;
  std::string name = module;
  while (name.starts_with('.')) name.erase(0, 1);
  const std::vector<std::string> parts = split(name, '.');
  const bool plain = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && part.find('/') == std::string::npos;
  });
  if (!plain) return std::nullopt;
  // The folder of the file, the script directory, and the folder that Alembic adds to the path.
  const std::filesystem::path relative = join(parts, "/");
  for (std::filesystem::path base = folder_; const int up : {0, 1, 2}) {
    if (up > 0) base = base.parent_path();
    if (base.empty()) break;
    std::error_code ignored;
    const std::filesystem::path file = base / (relative.string() + ".py");
    if (std::filesystem::is_regular_file(file, ignored) &&
        (up < 2 || parts.front() == base.filename() ||
         std::filesystem::path(folder_).parent_path().filename() == parts.front())) {
      return Source{file.string(), read_file(file.string())};
    }
  }
  return std::nullopt;
}

std::optional<Value> Host::operation(python::Evaluator& evaluator, const Term& call,
                                     std::string name, std::optional<Target> batch) {
  if (name == "f") {
    const Call arguments(call, "op.f", {"name"});
    std::string text = arguments.need_text("name");
    // With a convention it counts whether a name came from here: then it stays the call.
    return naming_.empty() ? std::optional(Value(std::move(text))) : std::nullopt;
  }
  if (name == "get_bind") return symbol(kConnection);
  if (name == "get_context") return symbol(kContext);
  if (name == "inline_literal") return std::nullopt;
  if (name == "batch_alter_table") {
    batch_target(call);
    return std::nullopt;
  }
  if (sink_ == nullptr) not_understood("op." + name + " outside of upgrade()", call.place);
  const Emitter emitter(evaluator, *sink_, revision_, call.place, naming_);
  const Step step{call, std::move(name), std::move(batch), emitter};
  if (!run_operation(step)) not_understood(step.shown(), call.place);
  // op.create_table gives the table, for op.bulk_insert and table.c.
  if (step.name == "create_table") return std::nullopt;
  return Value();
}

std::optional<Value> Host::connection_call(python::Evaluator& evaluator, const Term& call,
                                           const std::string& method) {
  if (method == "execute" || method == "exec_driver_sql" || method == "scalar" ||
      method == "scalars") {
    if (sink_ == nullptr || call.arguments.positional.empty()) {
      not_understood("bind." + method + " without a statement", call.place);
    }
    const Emitter emitter(evaluator, *sink_, revision_, call.place, naming_);
    const Value& statement = call.arguments.positional.front();
    if (method == "exec_driver_sql") {
      const auto* text = text_in(statement);
      if (text == nullptr || call.arguments.positional.size() > 1) {
        not_understood("bind.exec_driver_sql with parameters", call.place);
      }
      emitter.run(*text);
      return symbol(kResult);
    }
    python::Arguments parameters = call.arguments;
    parameters.positional.erase(parameters.positional.begin());
    run_statement(statement, parameters, "bind." + method, emitter);
    return symbol(kResult);
  }
  if (method == "execution_options" || method == "connect") return symbol(kConnection);
  if (method == "commit" || method == "close") return Value();
  not_understood("bind." + method, call.place,
                 "What a migration reads from the database cannot be known; write it so that it "
                 "does the same on every database.");
}

std::optional<Value> Host::method(python::Evaluator& evaluator, const Term& call) {
  const Value& object = *call.object;
  if (made_by(object) == "alembic.op.batch_alter_table" && object.term()->object == nullptr) {
    return operation(evaluator, call, call.callee, batch_target(*object.term()));
  }
  const std::string root = path_of(root_of(object));
  if (!root.empty() && !knows(root)) app_call(root + "." + call.callee, call.place);

  const bool create = call.callee == "create";
  if ((create || call.callee == "drop") && sink_ != nullptr) {
    const Emitter emitter(evaluator, *sink_, revision_, call.place, naming_);
    const Call arguments(call, "." + call.callee, {"bind", "checkfirst"});
    if (const auto enumeration = enum_of(object, emitter)) {
      const bool first = arguments.flag("checkfirst").value_or(enumeration->check_first);
      if (!enumeration->native) return Value();
      // create_type=False is about tables; who calls create() means it.
      if (create) {
        create_enum(*enumeration, std::nullopt, first, emitter);
      } else {
        drop_enum(*enumeration, first, emitter);
      }
      return Value();
    }
    if (made_by(object) == "Sequence" && object.term() != nullptr) {
      const bool first = arguments.flag("checkfirst").value_or(true);
      if (create) {
        create_sequence(*object.term(), first, emitter);
      } else {
        drop_sequence(*object.term(), first, emitter);
      }
      return Value();
    }
  }
  const bool library = root.starts_with("sqlalchemy.");
  static constexpr std::string_view effects[] = {"create",   "drop",    "create_all",
                                                 "drop_all", "execute", "reflect"};
  const bool effect = library && std::find(std::begin(effects), std::end(effects), call.callee) !=
                                     std::end(effects);
  const std::string maker = short_name(root);
  const bool reads = maker == "inspect" || maker == "Session" || maker == "sessionmaker";
  if (effect || (library && reads)) {
    not_understood(
        fmt::format("{}(...).{}", reads || maker.empty() ? maker : "sa." + maker, call.callee),
        call.place,
        reads ? "What a migration reads from the database cannot be known; write it so "
                "that it does the same on every database."
              : "Write it with the operations of Alembic, such as op.create_table().");
  }
  return std::nullopt;
}

std::optional<Value> Host::call(python::Evaluator& evaluator, const Term& call) {
  if (call.object) return method(evaluator, call);
  const std::string& path = call.callee;
  if (path.starts_with(kResult)) {
    // fetchall(), scalar(), ...: what the rows are is asked where they are used.
    return symbol(kResult);
  }
  if (path == kAutocommit.substr(0, kAutocommit.size() - 2)) return symbol(kAutocommit);
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
  if (path.starts_with("alembic.")) not_understood(path, call.place);
  if (path == "textwrap.dedent" && call.arguments.positional.size() == 1) {
    if (const auto* text = text_in(call.arguments.positional.front())) return Value(dedent(*text));
  }
  if (knows(path)) return std::nullopt;

  // A class by the look of its name may be a type; what a function of the application does is
  // unknown.
  const std::string name = path.substr(path.rfind('.') + 1);
  const bool is_class = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
  if (!is_class || hands_over_connection(call.arguments)) app_call(path, call.place);
  return std::nullopt;
}

std::optional<Value> Host::attribute(const Value& object, const std::string& name, const Place&) {
  const auto* path = object.get_if<Symbol>();
  if (path == nullptr) return std::nullopt;
  const bool connection = path->path.starts_with(kConnection) || path->path.starts_with(kContext);
  if (!connection || path->path.starts_with(kResult)) return std::nullopt;
  if (name == "name") return Value(std::string("postgresql"));
  if (name == "as_sql") return Value(false);
  if (name == "bind" || name == "connection") return symbol(kConnection);
  return std::nullopt;
}

std::optional<bool> Host::truth(const Value& value, const Place& place) {
  const auto* path = value.get_if<Symbol>();
  if (path == nullptr) return std::nullopt;
  if (path->path.starts_with(kResult)) {
    not_understood("a condition on what a query gave", place,
                   "What a migration reads from the database cannot be known; write it so that it "
                   "does the same on every database.");
  }
  if (path->path == kConnection || path->path == kContext) return true;
  return std::nullopt;
}

std::optional<std::vector<Value>> Host::items(const Value& value, const Place& place) {
  const auto* path = value.get_if<Symbol>();
  if (path != nullptr && path->path.starts_with(kResult)) {
    not_understood("a loop over what a query gave", place,
                   "What a migration reads from the database cannot be known; write it as one SQL "
                   "statement in op.execute().");
  }
  return std::nullopt;
}

std::optional<std::string> Host::text(const Value& value, const Place&) {
  const Term* term = value.term();
  if (made_by(value) != "alembic.op.f" || term->arguments.positional.empty()) return std::nullopt;
  const auto* name = text_in(term->arguments.positional.front());
  return name == nullptr ? std::nullopt : std::optional(*name);
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
