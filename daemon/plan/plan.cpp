#include "daemon/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/plan/facts.h"
#include "daemon/plan/operations.h"
#include "daemon/plan/python_text.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd::plan {
namespace {

std::string shown(const Name& name) {
  return name.schema == "public" || name.schema.empty() ? name.name : name.schema + "." + name.name;
}

std::string referred_table(const Object& constraint) {
  return fact(constraint, "references");
}

class Planner {
 public:
  Planner(const std::vector<Drift>& drifts, const Catalogue& wanted, const Catalogue& there)
      : wanted_(wanted), there_(there) {
    for (const Drift& drift : drifts) {
      if (drift.object.kind == "table" && drift.kind == DriftKind::Missing) {
        new_tables_.push_back(drift.object.identity);
      } else if (drift.object.kind == "table" && drift.kind == DriftKind::Unexpected) {
        old_tables_.push_back(drift.object.identity);
      } else {
        others_.push_back(&drift);
      }
    }
  }

  Plan made() && {
    for (const Drift* drift : others_) {
      if (drift->object.kind == "enum") plan_enum(*drift);
    }
    plan_new_tables();
    for (const Drift* drift : others_) {
      if (drift->object.kind != "enum") plan_part(*drift);
    }
    for (Change& change : last_) plan_.changes.push_back(std::move(change));
    plan_old_tables();
    // A type goes when nothing uses it.
    for (Change& change : types_) plan_.changes.push_back(std::move(change));
    return std::move(plan_);
  }

 private:
  void add(Change change) { plan_.changes.push_back(std::move(change)); }

  void plan_new_tables() {
    std::set<std::string> waiting(new_tables_.begin(), new_tables_.end());
    while (!waiting.empty()) {
      // One whose foreign keys lead to tables that are there; in a circle the first by name.
      const auto refers_to_waiting = [&](const std::string& table) {
        return std::ranges::any_of(parts_of(wanted_, "constraint", table), [&](const Object* c) {
          const std::string other = referred_table(*c);
          return other != table && waiting.contains(other);
        });
      };
      auto next = std::ranges::find_if_not(waiting, refers_to_waiting);
      if (next == waiting.end()) next = waiting.begin();
      const std::string table = *next;
      waiting.erase(next);
      Change change;
      change.title = "Create table " + shown(name_of(table));
      change.upgrade = create_table(wanted_, table);
      for (const Object* constraint : parts_of(wanted_, "constraint", table)) {
        if (!is_foreign_key(*constraint)) continue;
        const auto lines = create_constraint(*constraint, name_of(table));
        if (!waiting.contains(referred_table(*constraint))) {
          change.upgrade.insert(change.upgrade.end(), lines.begin(), lines.end());
        } else {
          last_.push_back({fmt::format("Add constraint {} to {}, which closes a circle",
                                       own_name_of(constraint->identity), shown(name_of(table))),
                           lines,
                           drop_constraint(*constraint, name_of(table)),
                           {}});
        }
      }
      change.downgrade = drop_table(table);
      add(std::move(change));
    }
  }

  void plan_old_tables() {
    std::set<std::string> waiting(old_tables_.begin(), old_tables_.end());
    while (!waiting.empty()) {
      const auto is_referred_to = [&](const std::string& table) {
        return std::ranges::any_of(waiting, [&](const std::string& other) {
          return other != table &&
                 std::ranges::any_of(parts_of(there_, "constraint", other),
                                     [&](const Object* c) { return referred_table(*c) == table; });
        });
      };
      auto next = std::ranges::find_if_not(waiting, is_referred_to);
      if (next == waiting.end()) next = waiting.begin();
      const std::string table = *next;
      waiting.erase(next);
      Change change;
      change.title = "Drop table " + shown(name_of(table));
      change.warning = "No model has this table; its rows are lost.";
      change.upgrade = drop_table(table);
      change.downgrade = create_table(there_, table);
      for (const Object* constraint : parts_of(there_, "constraint", table)) {
        if (!is_foreign_key(*constraint)) continue;
        const auto lines = create_constraint(*constraint, name_of(table));
        change.downgrade.insert(change.downgrade.end(), lines.begin(), lines.end());
      }
      add(std::move(change));
    }
  }

  void plan_enum(const Drift& drift) {
    const Name name = name_of(drift.object.identity);
    const auto create = [&](const Catalogue& catalogue) {
      const Object* object = catalogue.find("enum", drift.object.identity);
      return execute(
          fmt::format("CREATE TYPE {} AS ENUM ({})", name.sql(), fact(*object, "labels")));
    };
    const std::string drop = execute("DROP TYPE " + name.sql());
    if (drift.kind == DriftKind::Missing) {
      add({"Create type " + shown(name), {create(wanted_)}, {drop}, {}});
      return;
    }
    if (drift.kind == DriftKind::Unexpected) {
      types_.push_back({"Drop type " + shown(name), {drop}, {create(there_)}, {}});
      return;
    }
    const auto labels = [&](const Catalogue& catalogue) {
      const Object* object = catalogue.find("enum", drift.object.identity);
      return object == nullptr ? std::vector<std::string>()
                               : quoted_labels(fact(*object, "labels"));
    };
    const std::vector<std::string> before = labels(there_);
    const std::vector<std::string> after = labels(wanted_);
    std::vector<std::string> kept;
    std::ranges::copy_if(after, std::back_inserter(kept), [&](const std::string& label) {
      return std::ranges::find(before, label) != before.end();
    });
    if (kept != before || after == before) {
      plan_.by_hand.push_back(drift.object);
      return;
    }
    Change change;
    change.title = "Add values to type " + shown(name);
    change.warning = "PostgreSQL has no way to take a value of a type away again.";
    change.upgrade.emplace_back("with op.get_context().autocommit_block():");
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (std::ranges::find(before, after[i]) != before.end()) continue;
      const std::string where = i == 0 ? " BEFORE " + before.front() : " AFTER " + after[i - 1];
      change.upgrade.push_back("    " + execute(fmt::format("ALTER TYPE {} ADD VALUE {}{}",
                                                            name.sql(), after[i], where)));
    }
    add(std::move(change));
  }

  /// `'a', 'b'''` in its parts, quotes and all.
  static std::vector<std::string> quoted_labels(const std::string& text) {
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\'') continue;
      std::size_t end = i + 1;
      while (end < text.size() && (text[end] != '\'' || text.substr(end, 2) == "''")) {
        end += text[end] == '\'' ? 2U : 1U;
      }
      labels.push_back(text.substr(i, end + 1 - i));
      i = end;
    }
    return labels;
  }

  void plan_part(const Drift& drift) {
    const std::string& kind = drift.object.kind;
    if (!drift.parent || drift.parent->kind != "table") {
      plan_.by_hand.push_back(drift.object);
      return;
    }
    const Name table = name_of(drift.parent->identity);
    const Object* to = wanted_.find(kind, drift.object.identity);
    const Object* from = there_.find(kind, drift.object.identity);
    if (kind == "column") {
      plan_column(drift, table, from, to);
    } else if (kind == "constraint") {
      plan_whole(drift, table, from, to, create_constraint, drop_constraint);
    } else if (kind == "index") {
      plan_whole(drift, table, from, to, create_index, drop_index);
    } else {
      plan_.by_hand.push_back(drift.object);
    }
  }

  void plan_column(const Drift& drift, const Name& table, const Object* from, const Object* to) {
    const std::string name = shown(table) + "." + own_name_of(drift.object.identity);
    switch (drift.kind) {
      case DriftKind::Missing: {
        Change change{
            "Add column " + name, add_column(*to, table, wanted_), drop_column(*to, table), {}};
        if (is_true(*to, "not_null") && !to->property("default") && !to->property("generated") &&
            !to->property("identity_kind")) {
          change.warning =
              "On a table with rows a column that is NOT NULL and has no default cannot be added: "
              "add it nullable, fill it, then alter it.";
        }
        add(std::move(change));
        return;
      }
      case DriftKind::Unexpected:
        add({"Drop column " + name, drop_column(*from, table), add_column(*from, table, there_),
             "No model has this column; what is in it is lost."});
        return;
      case DriftKind::Changed: {
        const Lines up = alter_column(*from, *to, table, wanted_);
        if (up.empty() || from->property("generated") != to->property("generated")) break;
        add({"Alter column " + name, up, alter_column(*to, *from, table, there_), {}});
        return;
      }
      case DriftKind::Renamed:
        break;
    }
    plan_.by_hand.push_back(drift.object);
  }

  using Make = Lines (*)(const Object&, const Name&);

  void plan_whole(const Drift& drift, const Name& table, const Object* from, const Object* to,
                  Make create, Make drop) {
    const std::string& kind = drift.object.kind;
    const std::string name =
        fmt::format("{} {} of {}", kind, own_name_of(drift.object.identity), shown(table));
    const auto both = [](Lines first, const Lines& second) {
      first.insert(first.end(), second.begin(), second.end());
      return first;
    };
    if (drift.kind == DriftKind::Missing && to != nullptr) {
      last_.push_back({"Add " + name, create(*to, table), drop(*to, table), {}});
    } else if (drift.kind == DriftKind::Unexpected && from != nullptr) {
      add({"Drop " + name, drop(*from, table), create(*from, table), {}});
    } else if (drift.kind == DriftKind::Changed && from != nullptr && to != nullptr) {
      last_.push_back({"Change " + name,
                       both(drop(*from, table), create(*to, table)),
                       both(drop(*to, table), create(*from, table)),
                       {}});
    } else if (drift.kind == DriftKind::Renamed && !drift.differences.empty()) {
      rename(drift, table);
    } else {
      plan_.by_hand.push_back(drift.object);
    }
  }

  void rename(const Drift& drift, const Name& table) {
    const std::string wanted = own_sql_of(drift.object.identity);
    const std::string there = own_sql_of(drift.differences.front().actual.value_or(""));
    const bool index = drift.object.kind == "index";
    const std::string schema =
        table.identity.substr(0, table.identity.size() - own_sql_of(table.identity).size());
    const auto sql = [&](const std::string& from, const std::string& to) {
      if (index) {
        return execute(fmt::format("ALTER INDEX {}{} RENAME TO {}",
                                   schema == "public." ? std::string() : schema, from, to));
      }
      return execute(
          fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table.sql(), from, to));
    };
    add({fmt::format("Rename {} {} of {} to {}", drift.object.kind, there, shown(table), wanted),
         {sql(there, wanted)},
         {sql(wanted, there)},
         {}});
  }

  const Catalogue& wanted_;
  const Catalogue& there_;
  std::vector<std::string> new_tables_;
  std::vector<std::string> old_tables_;
  std::vector<const Drift*> others_;
  std::vector<Change> last_;   // what may refer to tables that come later
  std::vector<Change> types_;  // to be dropped at the very end
  Plan plan_;
};

std::string slug(const std::string& title) {
  std::string text;
  for (const char c : lower(title)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      text += c;
    } else if (!text.empty() && text.back() != '_') {
      text += '_';
    }
  }
  while (text.ends_with('_')) text.pop_back();
  return text.substr(0, 40);
}

void append(std::string& text, const Lines& lines) {
  for (const std::string& line : lines) {
    for (const std::string& one : split(line, '\n'))
      text += one.empty() ? "\n" : "    " + one + "\n";
  }
}

}  // namespace

Plan plan_of(const std::vector<Drift>& drifts, const Catalogue& wanted, const Catalogue& there) {
  return Planner(drifts, wanted, there).made();
}

std::vector<RevisionFile> revisions_of(const std::vector<Change>& changes,
                                       const std::string& head) {
  std::vector<RevisionFile> files;
  std::string before = head;
  for (const Change& change : changes) {
    Digest digest;
    digest.add(before).add(change.title);
    for (const std::string& line : change.upgrade) digest.add(line);
    RevisionFile file;
    file.revision = digest.hex().substr(0, 12);
    file.name = file.revision + "_" + slug(change.title) + ".py";
    std::string& text = file.text;
    text = "\"\"\"" + change.title + ".";
    if (!change.warning.empty()) text += "\n\n" + change.warning + "\n";
    text += "\"\"\"\n\nimport sqlalchemy as sa\n";
    std::string body = "\n\ndef upgrade():\n";
    append(body, change.upgrade);
    body += "\n\ndef downgrade():\n";
    append(body, change.downgrade.empty() ? Lines{"pass"} : change.downgrade);
    text += "from alembic import op\n";
    if (body.find("postgresql.") != std::string::npos) {
      text += "from sqlalchemy.dialects import postgresql\n";
    }
    text += fmt::format(
        "\nrevision = {}\ndown_revision = {}\nbranch_labels = None\n"
        "depends_on = None\n",
        quoted(file.revision), before.empty() ? "None" : quoted(before));
    text += body;
    before = file.revision;
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace driftd::plan
