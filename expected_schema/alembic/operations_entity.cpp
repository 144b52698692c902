#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/operations.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

/// The operations of the library alembic_utils: create_entity, drop_entity, replace_entity of
/// functions, views, triggers, extensions and policies.
namespace driftd::alembic {

using python::Value;

namespace {

/// What PGFunction(...) and its like are made with.
struct Entity {
  std::string kind;  ///< "PGFunction", ...
  std::string schema;
  std::string signature;
  std::string definition;
  std::string on_entity;
  bool constraint = false;
  bool with_data = true;
};

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string without_semicolon(std::string_view text) {
  text = trim(text);
  while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
  return std::string(text);
}

Entity entity_of(const Call& call) {
  const python::Term* term = call.need("target").term();
  const auto is = [&](std::string_view name) {
    return term != nullptr && term->callee.starts_with("alembic_utils.") &&
           term->callee.ends_with(std::string(".") + std::string(name));
  };
  for (const std::string_view kind :
       {"PGFunction", "PGView", "PGMaterializedView", "PGTrigger", "PGExtension", "PGPolicy"}) {
    if (!is(kind)) continue;
    const Call made(
        *term, std::string(kind),
        {"schema", "signature", "definition", "on_entity", "is_constraint", "with_data"});
    Entity entity;
    entity.kind = kind;
    entity.schema = made.need_text("schema");
    entity.signature = trim(made.need_text("signature"));
    entity.definition = without_semicolon(made.text("definition").value_or(""));
    entity.on_entity = made.text("on_entity").value_or("");
    entity.constraint = made.on("is_constraint");
    entity.with_data = made.flag("with_data").value_or(true);
    // Versions of the library differ in what they quote.
    const std::string name = entity.signature.substr(0, entity.signature.find('('));
    if (!is_name(name) && kind != "PGExtension" && kind != "PGPolicy") {
      made.refuse("signature", "Only names in lower case are read.");
    }
    return entity;
  }
  call.refuse("target", "Write the statement with op.execute.");
}

std::string name_of(const Entity& entity) {
  const auto open = entity.signature.find('(');
  return quote_identifier(entity.schema) + "." +
         quote_identifier(trim(entity.signature.substr(0, open))) +
         (open == std::string::npos ? "" : entity.signature.substr(open));
}

/// `BEFORE INSERT ON t FOR EACH ROW ...` with the table in the trigger's own schema.
std::string trigger_definition(const Entity& entity, const Call& call) {
  const std::string folded = lower(entity.definition);
  const auto blank = [&](std::size_t i) {
    return std::string_view(" \t\r\n").find(folded[i]) != std::string_view::npos;
  };
  for (std::size_t at = 1; at + 3 < folded.size(); ++at) {
    if (folded.compare(at, 2, "on") != 0 || !blank(at - 1) || !blank(at + 2)) continue;
    std::size_t begin = at + 3;
    while (begin < folded.size() && blank(begin)) ++begin;
    std::size_t end = begin;
    while (end < folded.size() && !blank(end)) ++end;
    std::string table = entity.definition.substr(begin, end - begin);
    if (const auto dot = table.find('.'); dot != std::string::npos) table.erase(0, dot + 1);
    return fmt::format("{}{}.{}{}", entity.definition.substr(0, begin),
                       quote_identifier(entity.schema), table, entity.definition.substr(end));
  }
  call.refuse("target", "The trigger's definition names no table: write it with op.execute.");
}

std::string create(const Entity& entity, const Call& call) {
  if (entity.kind == "PGFunction") {
    return fmt::format("CREATE FUNCTION {} {}", name_of(entity), entity.definition);
  }
  if (entity.kind == "PGView") {
    return fmt::format("CREATE VIEW {} AS {}", name_of(entity), entity.definition);
  }
  if (entity.kind == "PGMaterializedView") {
    return fmt::format("CREATE MATERIALIZED VIEW {} AS {} WITH {}DATA", name_of(entity),
                       entity.definition, entity.with_data ? "" : "NO ");
  }
  if (entity.kind == "PGTrigger") {
    return fmt::format("CREATE {}TRIGGER {} {}", entity.constraint ? "CONSTRAINT " : "",
                       entity.signature, trigger_definition(entity, call));
  }
  if (entity.kind == "PGExtension") {
    return fmt::format("CREATE EXTENSION {} WITH SCHEMA {}", quote_identifier(entity.signature),
                       quote_identifier(entity.schema));
  }
  return fmt::format("CREATE POLICY {} ON {} {}", entity.signature, entity.on_entity,
                     entity.definition);
}

std::string drop(const Entity& entity, const Call& call, bool if_exists) {
  const std::string_view exists = if_exists ? "IF EXISTS " : "";
  if (entity.kind == "PGFunction") {
    const std::string parameters = lower(entity.signature);
    if (parameters.find("default") != std::string::npos ||
        parameters.find('=') != std::string::npos) {
      call.refuse("target", "Write the DROP FUNCTION with op.execute.");
    }
    return fmt::format("DROP FUNCTION {}{}", exists, name_of(entity));
  }
  if (entity.kind == "PGView") return fmt::format("DROP VIEW {}{}", exists, name_of(entity));
  if (entity.kind == "PGMaterializedView") {
    return fmt::format("DROP MATERIALIZED VIEW {}{}", exists, name_of(entity));
  }
  if (entity.kind == "PGExtension") {
    return fmt::format("DROP EXTENSION {}{}", exists, quote_identifier(entity.signature));
  }
  return fmt::format("DROP {} {}{} ON {}", entity.kind == "PGTrigger" ? "TRIGGER" : "POLICY",
                     exists, entity.signature, entity.on_entity);
}

void replace(const Entity& entity, const Call& call, const Emitter& emitter) {
  if (entity.kind == "PGFunction") {
    emitter.run(
        fmt::format("CREATE OR REPLACE FUNCTION {} {}", name_of(entity), entity.definition));
  } else if (entity.kind == "PGView") {
    // A view that cannot be replaced is dropped and made anew.
    emitter.run(fmt::format(
        "DO $driftd$ BEGIN CREATE OR REPLACE VIEW {0} AS {1}; EXCEPTION WHEN OTHERS THEN "
        "DROP VIEW IF EXISTS {0}; CREATE VIEW {0} AS {1}; END $driftd$",
        name_of(entity), entity.definition));
  } else if (entity.kind == "PGExtension") {
    call.refuse("target", "An extension is not replaced: write ALTER EXTENSION with op.execute.");
  } else {
    emitter.run(drop(entity, call, true));
    emitter.run(create(entity, call));
  }
}

}  // namespace

bool run_entity_operation(const Step& step) {
  const bool creates = step.name == "create_entity";
  const bool drops = step.name == "drop_entity";
  if ((!creates && !drops && step.name != "replace_entity") || step.batch) return false;
  const Call call = step.bind({"target", "cascade"});
  const Entity entity = entity_of(call);
  if (creates) {
    step.emitter.run(create(entity, call));
  } else if (drops) {
    step.emitter.run(drop(entity, call, false) + (call.on("cascade") ? " CASCADE" : ""));
  } else {
    replace(entity, call, step.emitter);
  }
  return true;
}

}  // namespace driftd::alembic
