#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/enumeration.h"
#include "expected_schema/alembic/host.h"
#include "expected_schema/alembic/host_paths.h"
#include "expected_schema/alembic/inspector.h"
#include "expected_schema/alembic/statement.h"
#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Symbol;
using python::Term;
using python::Value;

namespace {

bool is_name(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<Value> Host::connection_call(python::Evaluator& evaluator, const Term& call,
                                           const std::string& method) {
  if (is_name(method, {"execute", "exec_driver_sql", "scalar", "scalars", "exec", "executemany"})) {
    if (call.arguments.positional.empty()) {
      not_understood("bind." + method + " without a statement", call.place);
    }
    const Emitter emitter = emitter_at(evaluator, call.place);
    const Value& statement = call.arguments.positional.front();
    python::Arguments parameters = call.arguments;
    parameters.positional.erase(parameters.positional.begin());
    Value result;
    if (method == "exec_driver_sql" && text_in(statement) != nullptr) {
      const std::string& sql = *text_in(statement);
      const bool given = !parameters.positional.empty();
      result = given ? emitter.pass_over_text(sql, "bind.exec_driver_sql", "a parameter")
                     : emitter.run_text(sql, "bind.exec_driver_sql");
    } else {
      result = run_statement(statement, parameters, "bind." + method, emitter);
    }
    if ((method == "scalar" || method == "scalars") && is_result(result)) {
      return result_method(evaluator,
                           Term{method, std::make_shared<Value>(result), {}, call.place});
    }
    return result;
  }
  // bind.dialect.has_table(bind, "t"), engine.has_table("t")
  if (is_name(method, {"has_table", "has_index", "has_sequence", "has_schema"})) {
    Term asked = call;
    auto& given = asked.arguments.positional;
    if (!given.empty() && given.front().get_if<Symbol>() != nullptr) given.erase(given.begin());
    return inspect(asked, method, emitter_at(evaluator, call.place));
  }
  if (method == "type_descriptor" && call.arguments.positional.size() == 1) {
    return call.arguments.positional.front();
  }
  if (is_name(method, {"execution_options", "connect", "begin", "begin_nested", "cursor",
                       "get_bind", "connection"})) {
    return symbol(kConnection);
  }
  if (is_name(method, {"commit", "close", "detach", "invalidate"})) return Value();
  if (is_name(method, {"fetchall", "fetchone", "fetchmany", "in_transaction", "get_isolation_level",
                       "dispose", "table_names"})) {
    return unknown_result(call.place);
  }
  not_understood("bind." + method, call.place,
                 "What a migration reads from the database cannot be known; write it so that it "
                 "does the same on every database.");
}

std::optional<Value> Host::session_call(python::Evaluator& evaluator, const Term& call,
                                        const std::string& method) {
  if (is_name(method, {"execute", "scalar", "scalars", "exec"})) {
    return connection_call(evaluator, call, method);
  }
  if (is_name(method, {"connection", "get_bind"})) return symbol(kConnection);
  if (is_name(method, {"begin", "begin_nested"})) return symbol(kSession);
  if (method == "rollback") {
    if (evaluator.uncertain() || !changed_) return Value();
    not_understood("session.rollback()", call.place,
                   "It takes back what the migration did to the schema before it.");
  }
  if (is_name(method, {"commit", "flush", "close", "expunge_all", "expire_all", "remove"})) {
    return Value();
  }
  if (is_name(method, {"add", "add_all", "delete", "bulk_save_objects", "bulk_insert_mappings",
                       "bulk_update_mappings", "refresh", "expire", "expunge"})) {
    if (sink_ != nullptr) sink_->pass_over(call.place);
    return Value();
  }
  // query(), get(), merge(), ...: rows, which only the application knows.
  return unknown_result(call.place);
}

std::optional<Value> Host::inspector_call(python::Evaluator& evaluator, const Term& call,
                                          const std::string& method) {
  if (is_name(method, {"clear_cache", "info_cache"})) return Value();
  if (method == "from_engine") return symbol(kInspector);
  return inspect(call, method, emitter_at(evaluator, call.place));
}

std::optional<Value> Host::create_or_drop(python::Evaluator& evaluator, const Term& call) {
  if (sink_ == nullptr) return std::nullopt;
  const Value& object = *call.object;
  const bool create = call.callee == "create";
  const Emitter emitter = emitter_at(evaluator, call.place);
  const auto enumeration = enum_of(object, emitter);
  const bool sequence = made_by(object) == "Sequence" && object.term() != nullptr;
  const bool table = made_by(object) == "Table" && object.term() != nullptr;
  if (!enumeration && !sequence && !table) return std::nullopt;
  const Call arguments(call, "." + call.callee, {"bind", "checkfirst"});
  if (enumeration) {
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
  const bool first = arguments.flag("checkfirst").value_or(!table);
  if (table) {
    create_or_drop_table(*object.term(), create, first, emitter);
  } else if (create) {
    create_sequence(*object.term(), first, emitter);
  } else {
    drop_sequence(*object.term(), first, emitter);
  }
  return Value();
}

}  // namespace driftd::alembic
