#include "expected_schema/models/ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "expected_schema/alembic/column.h"
#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/naming_dict.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/alembic/table.h"
#include "expected_schema/base/text.h"
#include "expected_schema/models/mapper.h"
#include "expected_schema/models/roles.h"

namespace driftd::models {

using python::Symbol;
using python::Term;

namespace {

class Collector : public StatementSink {
 public:
  void run(const Statement& statement) override { statements.push_back(statement); }
  void begin_autocommit() override {}
  void end_autocommit() override {}
  std::vector<Statement> statements;
};

/// Names constraints as the tables' metadata have it.
class Conventions {
 public:
  Conventions(std::shared_ptr<Host> host, std::shared_ptr<python::Evaluator> evaluator)
      : host_(std::move(host)), evaluator_(std::move(evaluator)) {}

  alembic::NamingConvention of(const Value& written) {
    const Value metadata = metadata_of(written, *evaluator_, host_->noted().flask);
    const Value* given = nullptr;
    for (const auto& [object, convention] : host_->noted().conventions) {
      if (is_same_metadata(metadata_of(object, *evaluator_, host_->noted().flask), metadata))
        given = &convention;
    }
    if (const Term* term = metadata.term(); given == nullptr && term != nullptr) {
      given = term->arguments.find("naming_convention");
    }
    if (given == nullptr || given->is_none()) return {};
    const auto convention = alembic::convention_of(*given);
    if (!convention) {
      return alembic::NamingConvention(metadata.term() != nullptr ? metadata.term()->place
                                                                  : Place{});
    }
    if (!tokens_ && !convention->functions.empty()) {
      tokens_ = std::make_shared<alembic::NamingTokens>(host_, evaluator_);
    }
    return alembic::made_of(*convention, tokens_);
  }

 private:
  std::shared_ptr<Host> host_;
  std::shared_ptr<python::Evaluator> evaluator_;
  std::shared_ptr<const alembic::NamingTokens> tokens_;
};

/// The parameters of DDL(): %(table)s, %(schema)s, %(fullname)s.
std::string with_names(std::string text, const DeclaredTable* table) {
  const auto replace = [&](std::string_view from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  };
  if (table != nullptr) {
    replace("%(table)s", quote_identifier(table->name));
    replace("%(schema)s", quote_identifier(table->schema.value_or("")));
    replace("%(fullname)s", alembic::qualified(table->schema, table->name));
  }
  replace("%%", "%");
  return text;
}

Value as_call(const DeclaredTable& table) {
  python::Arguments given;
  given.positional = {table.name, Value()};
  given.positional.insert(given.positional.end(), table.items.begin(), table.items.end());
  for (const auto& [name, value] : table.options) {
    static const std::set<std::string, std::less<>> of_no_ddl = {"info",
                                                                 "extend_existing",
                                                                 "keep_existing",
                                                                 "mustexist",
                                                                 "include_columns",
                                                                 "must_exist",
                                                                 "listeners",
                                                                 "implicit_returning",
                                                                 "sqlite_autoincrement",
                                                                 "sqlite_with_rowid"};
    if (!of_no_ddl.contains(name)) given.keyword.emplace_back(name, value);
  }
  if (table.schema) given.keyword.emplace_back("schema", *table.schema);
  return call_of("sqlalchemy.Table", std::move(given), table.place);
}

Statement sequence_statement(const Term& sequence) {
  const alembic::Call call(sequence, "sa.Sequence",
                           {"name", "start", "increment", "minvalue", "maxvalue", "nominvalue",
                            "nomaxvalue", "cycle", "schema", "cache", "order", "data_type",
                            "optional", "quote", "metadata", "quote_schema", "for_update"});
  const std::string options = alembic::sequence_options(call);
  return {fmt::format("CREATE SEQUENCE IF NOT EXISTS {}{}",
                      alembic::qualified(call.text("schema"), call.need_text("name")),
                      options.empty() ? "" : " " + options),
          sequence.place, "models"};
}

}  // namespace

Models ddl_of(Declared declared, const std::shared_ptr<Host>& host,
              const std::shared_ptr<python::Evaluator>& evaluator,
              const alembic::Surroundings& around) {
  Models result;
  const auto listened = listened_ddl(*evaluator, host->noted(), declared);
  const auto listen = [&](bool before) {
    for (const ListenedDdl& ddl : listened) {
      if (ddl.before != before) continue;
      const auto table = std::ranges::find(declared.tables, ddl.table, &DeclaredTable::key);
      const DeclaredTable* of = table == declared.tables.end() ? nullptr : &*table;
      if (of == nullptr && !ddl.table.empty()) continue;
      result.statements.push_back({{with_names(ddl.sql, of), ddl.place, "models"},
                                   of == nullptr ? std::string() : of->name,
                                   {}});
    }
  };
  listen(true);
  for (const Value& sequence : host->noted().sequences) {
    try {
      result.statements.push_back({sequence_statement(*sequence.term()), {}, {}});
      const Value* schema = sequence.term()->arguments.find("schema");
      if (const auto* text = schema == nullptr ? nullptr : alembic::text_in(*schema)) {
        result.schemas.emplace_back(*text, sequence.term()->place);
      }
    } catch (const Error& error) {
      declared.notes.push_back(error.what());
    }
  }
  Conventions conventions(host, evaluator);
  std::vector<ModelStatement> keys;
  for (const DeclaredTable& table : declared.tables) {
    Collector collector;
    std::vector<alembic::LaterKey> later;
    try {
      alembic::Surroundings own = around;
      own.naming = conventions.of(table.metadata);
      const alembic::Emitter emitter(*evaluator, collector, "models", table.place, own);
      const Value call = as_call(table);
      alembic::create_table(alembic::table_call(*call.term()), emitter, &later);
    } catch (const Error& error) {
      if (error.reason() != Reason::NotUnderstood) throw;
      declared.unread.push_back({table.name, table.model, error});
      continue;
    }
    for (Statement& statement : collector.statements) {
      // An index that is declared twice: by its column, and by its name.
      const bool again = statement.sql.find("INDEX ") != std::string::npos &&
                         std::ranges::any_of(result.statements, [&](const ModelStatement& one) {
                           return one.table == table.name && one.statement.sql == statement.sql;
                         });
      if (again) continue;
      result.statements.push_back({std::move(statement), table.name, {}});
    }
    for (alembic::LaterKey& key : later) {
      keys.push_back(
          {{std::move(key.sql), table.place, "models"}, table.name, std::move(key.referred_table)});
    }
    result.tables.push_back(
        {table.name, table.schema.value_or(""), table.model, table.place, table.columns});
  }
  for (const Unread& one : declared.unread) {
    result.unread.push_back({one.table, one.model, one.error});
  }
  for (const ModelStatement& key : keys) {
    const bool known =
        std::ranges::find(result.tables, key.referred, &ModelPlace::table) != result.tables.end() ||
        std::ranges::find(result.unread, key.referred, &UnreadModel::table) != result.unread.end();
    if (known) continue;
    result.unread.push_back(
        {key.referred,
         {},
         Error(Reason::NotUnderstood,
               fmt::format("the table {} refers to {}, which no model that was read declares",
                           key.table, key.referred),
               "Name the files of all models in models.path.", key.statement.place)});
  }
  for (ModelStatement& key : keys) {
    const auto of = std::ranges::find(result.unread, key.referred, &UnreadModel::table);
    if (of == result.unread.end()) result.statements.push_back(std::move(key));
  }
  listen(false);
  result.notes = std::move(declared.notes);
  return result;
}

}  // namespace driftd::models
