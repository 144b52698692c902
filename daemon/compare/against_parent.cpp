#include "daemon/compare/against_parent.h"

#include <algorithm>
#include <optional>
#include <string>

#include "expected_schema/catalogue/names.h"

namespace driftd {
namespace {

std::optional<std::string> text(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  return std::string(*value);
}

bool is_true(const Object* object, std::string_view property) {
  return object != nullptr && object->property(property) == "true";
}

/// Whether rows of its parent go to it; else it inherits only.
bool is_partition(std::string_view table, const Catalogue& expected, const Catalogue& actual) {
  for (const Catalogue* catalogue : {&expected, &actual}) {
    for (const std::string_view kind : {"table", "foreign table"}) {
      const Object* object = catalogue->find(kind, table);
      if (object != nullptr && object->property("partition_bound")) return true;
    }
  }
  return false;
}

/// `INSERT, SELECT*`; `-SELECT` is one that was taken away.
bool may_select(std::string_view privileges) {
  for (std::size_t at = privileges.find("SELECT"); at != std::string_view::npos;
       at = privileges.find("SELECT", at + 1)) {
    if (at == 0 || privileges[at - 1] != '-') return true;
  }
  return false;
}

/// The same object of the nearest table above that has it; what a table has as its own parent does
/// is no object of its own.
struct Model {
  const Object* expected = nullptr;
  const Object* actual = nullptr;

  template <typename IdentityOn>
  static Model of(std::string_view kind, std::span<const std::string_view> above,
                  const Catalogue& expected, const Catalogue& actual,
                  const IdentityOn& identity_on) {
    Model model;
    for (const std::string_view table : above) {
      const std::string identity = identity_on(table);
      if (model.expected == nullptr) model.expected = expected.find(kind, identity);
      if (model.actual == nullptr) model.actual = actual.find(kind, identity);
    }
    return model;
  }

  bool none() const { return expected == nullptr && actual == nullptr; }
  const Object& either() const { return expected != nullptr ? *expected : *actual; }

  void hold(const Object& part, std::string_view property,
            std::vector<Difference>& differences) const {
    const auto value = part.property(property);
    for (const Object* one : {expected, actual}) {
      if (one != nullptr && one->property(property) == value) return;
    }
    differences.push_back({std::string(property), text(either().property(property)), text(value)});
  }
};

auto column_on(std::string_view name) {
  return [name](std::string_view table) { return std::string(table) + "." + std::string(name); };
}

/// Where a column stands, and how it numbers rows, is the parent's business.
bool is_told_of_parent(std::string_view property) {
  return property == "position" || property == "identity_kind" || property == "identity_sequence";
}

Drift changed(const Object& object, const Object& like, std::vector<Difference> differences) {
  Drift drift;
  drift.object = object.id();
  drift.differences = std::move(differences);
  if (object.has_parent()) drift.parent = object.parent();
  drift.like = like.id();
  return drift;
}

class Child {
 public:
  Child(const ChildTable& child, const Catalogue& expected, const Catalogue& actual)
      : child_(child),
        expected_(expected),
        actual_(actual),
        is_partition_(is_partition(child.table->identity, expected, actual)) {}

  void append(std::vector<Drift>& drifts) const {
    append_table(drifts);
    for (const Object* part : child_.parts) {
      if (part->kind == "column") append_column(*part, drifts);
      if (part->kind == "trigger") append_copy(*part, "enabled", drifts);
      if (part->kind == "constraint" && part->property("triggers")) {
        append_copy(*part, "triggers", drifts);
      }
      if (child_.declared) continue;
      if (part->kind == "rule") append_unexpected(*part, drifts);
      if (part->kind == "index" && part->property("valid") == "false") {
        append_unexpected(*part, drifts);
      }
      if (part->kind == "privilege" && !parent_grants(*part)) append_unexpected(*part, drifts);
    }
  }

 private:
  /// `identity_on`: what it is called where it belongs to the given table.
  template <typename IdentityOn>
  Model model_of(std::string_view kind, const IdentityOn& identity_on) const {
    return Model::of(kind, child_.above, expected_, actual_, identity_on);
  }

  static void append_changed(const Object& object, const Object& like,
                             std::vector<Difference> differences, std::vector<Drift>& drifts) {
    if (!differences.empty()) drifts.push_back(changed(object, like, std::move(differences)));
  }

  static void append_unexpected(const Object& object, std::vector<Drift>& drifts) {
    Drift& drift = drifts.emplace_back();
    drift.object = object.id();
    drift.kind = DriftKind::Unexpected;
    for (const Property& property : object.properties) {
      drift.properties.push_back(
          {std::string(property.name), std::nullopt, std::string(property.value)});
    }
    if (object.has_parent()) drift.parent = object.parent();
  }

  void append_table(std::vector<Drift>& drifts) const {
    const Object& table = *child_.table;
    const std::string_view parent = child_.above.front();
    const Model model{expected_.find("table", parent), actual_.find("table", parent)};
    if (model.none()) return;
    std::vector<Difference> differences;
    model.hold(table, "owner", differences);
    if (table.property("persistence") == "unlogged") {
      model.hold(table, "persistence", differences);
    }
    if (is_true(&table, "detach_pending")) {
      differences.push_back({"detach_pending", std::nullopt, "true"});
    }
    if (table.property("row_security") == "false" && hides_rows() && others_may_read()) {
      differences.push_back({"row_security", "true", "false"});
    }
    append_changed(table, model.either(), std::move(differences), drifts);
  }

  /// Whether row security holds for whoever reads it through a table above.
  bool hides_rows() const {
    return std::ranges::any_of(child_.above, [&](std::string_view above) {
      const Object* expected = expected_.find("table", above);
      return is_true(expected != nullptr ? expected : actual_.find("table", above), "row_security");
    });
  }

  bool others_may_read() const {
    return std::ranges::any_of(child_.parts, [](const Object* part) {
      return part->kind == "privilege" && part->parent_kind != "column" &&
             !part->identity.starts_with("owner on ") &&
             !part->identity.starts_with("main owner on ") &&
             may_select(part->property("privileges").value_or(""));
    });
  }

  /// How an identity column numbers rows is the parent's; where values are kept is nobody's.
  void append_column(const Object& column, std::vector<Drift>& drifts) const {
    const Model model = model_of("column", column_on(own_name(column.identity)));
    if (model.none()) return;
    std::vector<Difference> differences;
    for (const std::string_view property : {"not_null", "default", "generated"}) {
      if (property == "not_null" && (in_own_key(column) || !is_partition_)) continue;
      model.hold(column, property, differences);
    }
    append_changed(column, model.either(), std::move(differences), drifts);
  }

  /// A key of its own brings NOT NULL with it, which is meant, as the key is.
  bool in_own_key(const Object& column) const {
    const std::string name(own_name(column.identity));
    return std::ranges::any_of(child_.parts, [&](const Object* part) {
      if (part->kind != "constraint" || part->property("type") != "primary key") return false;
      return has_column(std::string(part->property("definition").value_or("")), name);
    });
  }

  /// `PRIMARY KEY (a, "B") INCLUDE (c)`: whether it is one of those before the first bracket
  /// closes.
  static bool has_column(const std::string& definition, const std::string& name) {
    const std::size_t begin = definition.find('(') + 1;
    std::string_view rest(definition);
    rest = rest.substr(begin, definition.find(')', begin) - begin);
    while (!rest.empty()) {
      const std::size_t comma = rest.find(", ");
      if (rest.substr(0, comma) == name) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 2);
    }
    return false;
  }

  /// A trigger, or a constraint with triggers behind it.
  void append_copy(const Object& copy, std::string_view property,
                   std::vector<Drift>& drifts) const {
    const std::string_view name = own_name(copy.identity);
    const Model model = model_of(copy.kind, [&](std::string_view on) {
      return std::string(name) + " on " + std::string(on);
    });
    if (model.none()) {
      if (!child_.declared) append_unexpected(copy, drifts);
      return;
    }
    std::vector<Difference> differences;
    model.hold(copy, property, differences);
    append_changed(copy, model.either(), std::move(differences), drifts);
  }

  bool parent_grants(const Object& privilege) const {
    if (privilege.parent_kind == "column") return false;
    const std::string_view to =
        privilege.identity.substr(0, privilege.identity.size() - child_.table->identity.size());
    const Model model = model_of(
        "privilege", [&](std::string_view on) { return std::string(to) + std::string(on); });
    if (model.none()) return false;
    std::vector<Difference> differences;
    model.hold(privilege, "privileges", differences);
    return differences.empty();
  }

  const ChildTable& child_;
  const Catalogue& expected_;
  const Catalogue& actual_;
  bool is_partition_;
};

}  // namespace

std::optional<Drift> column_against_parent(const Object& column, DriftKind only,
                                           std::span<const std::string_view> above,
                                           const Catalogue& expected, const Catalogue& actual) {
  const Model model =
      Model::of("column", above, expected, actual, column_on(own_name(column.identity)));
  if (model.none()) return std::nullopt;
  std::vector<Difference> differences;
  std::vector<std::string_view> properties;
  for (const Object* one : {&column, model.expected, model.actual}) {
    for (const Property& property :
         one == nullptr ? std::span<const Property>() : one->properties) {
      if (is_told_of_parent(property.name)) continue;
      if (std::ranges::find(properties, property.name) != properties.end()) continue;
      properties.push_back(property.name);
      if (only == DriftKind::Unexpected) {
        model.hold(column, property.name, differences);
      } else if (model.actual != nullptr &&
                 model.actual->property(property.name) != column.property(property.name)) {
        differences.push_back({std::string(property.name), text(column.property(property.name)),
                               text(model.actual->property(property.name))});
      }
    }
  }
  Drift drift = changed(column, model.either(), std::move(differences));
  // Rows reach a child that is no partition by itself only.
  if (!is_partition(column.parent_identity, expected, actual)) drift.like.reset();
  return drift;
}

void append_against_parent(const ChildTable& child, const Catalogue& expected,
                           const Catalogue& actual, std::vector<Drift>& drifts) {
  if (child.above.empty()) return;
  Child(child, expected, actual).append(drifts);
}

}  // namespace driftd
