#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/models/columns.h"
#include "expected_schema/models/declared.h"
#include "expected_schema/models/roles.h"

namespace driftd::models {

/// Maps classes to tables, each after those that it inherits from.
class ClassMapper {
 public:
  /// `tables`: of the calls of `sqlalchemy.Table`, for classes with a `__table__`.
  /// `flask`: as metadata_of() takes it.
  ClassMapper(python::Evaluator& evaluator, std::vector<DeclaredTable>& tables,
              std::vector<Unread>& unread, const std::vector<Value>& flask)
      : evaluator_(evaluator), tables_(tables), unread_(unread), flask_(flask) {}

  void map(const Value& type);

  /// The place in `tables` of a mapped class's table; nothing for another value.
  std::optional<std::size_t> table_of(const Value& type) const;
  /// The table of a class that is not read, as far as that is known.
  std::optional<std::string> unread_table_of(const Value& type) const;
  /// The names of columns that calls of the source stand for.
  const std::map<const python::Term*, std::string>& named() const { return named_; }
  /// The table of such a call, where it is of one only.
  std::optional<std::size_t> table_of_call(const python::Term* call) const;

 private:
  struct Mapped {
    std::size_t table = 0;
    bool single = false;  ///< single table inheritance: the table is a parent's
  };
  using Key = const python::Class*;

  std::optional<std::string> table_name(const python::ClassBody& body, const Role& role);
  /// An attribute of the class or of a class behind it that is not mapped.
  std::optional<Value> declaration(const python::ClassBody& body, const std::string& name);
  /// The table of that name that one with `extend_existing` adds itself to.
  std::optional<std::size_t> extended_by(const DeclaredTable& table) const;
  void extend(std::size_t existing, DeclaredTable table);
  const Mapped* mapped_parent(const python::ClassBody& body) const;
  bool is_mapped(const Value& type) const;
  std::optional<Value> mapped_by(const Value& function);
  void add_columns(DeclaredTable& table, const python::ClassBody& body, const Role& role,
                   std::size_t at);
  void add_column(DeclaredTable& table, const std::string& attribute, MadeColumn made,
                  const Place& place, std::size_t at);
  Value library_class(const std::string& name);
  void add_arguments(DeclaredTable& table, const python::ClassBody& body);

  python::Evaluator& evaluator_;
  std::vector<DeclaredTable>& tables_;
  std::vector<Unread>& unread_;
  const std::vector<Value>& flask_;
  std::map<Key, Mapped> mapped_;
  std::map<Key, std::string> unread_classes_;  ///< and their tables; empty: not known
  std::map<const python::Term*, std::string> named_;
  std::map<const python::Term*, std::vector<std::size_t>> tables_of_call_;
  std::shared_ptr<python::Module> mixins_;
  std::vector<Value> kept_;  ///< whose addresses are the keys above
};

}  // namespace driftd::models
