#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "expected_schema/base/error.h"

/// Python source, read and evaluated within bounds. Knows Python, and nothing of SQLAlchemy: what
/// comes from a library stays a symbol, and a call of it stays a term, for the host to interpret.
namespace driftd::python {

class Value;
struct Function;  // a def or lambda of the evaluated source, with its closure
struct Class;     // a class statement of the evaluated source
struct Instance;  // an object of such a class
struct Module;    // a module of the evaluated source

struct None {
  friend bool operator==(const None&, const None&) = default;
};

/// A name of a library that is not evaluated: `sqlalchemy.String`, `alembic.op`.
struct Symbol {
  std::string path;  ///< dotted, from the module's own name whatever the import called it
};

struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> keyword;  ///< in the order of the call

  const Value* find(std::string_view keyword_name) const;  ///< null where it is not given
};

/// The callee of what `type Name = X` binds, and of the call that says the same.
inline constexpr std::string_view kTypeAlias = "typing.TypeAliasType";

/// A call that was not carried out, only noted: `sqlalchemy.Column("id", sqlalchemy.Integer())`.
/// `object` is what it was called on where that is a value and not a symbol: for
/// `column.label("x")` it is the term `column` and `callee` is "label".
struct Term {
  std::string callee;             ///< dotted path, or the method's name when there is an object
  std::shared_ptr<Value> object;  ///< null for a call of a symbol
  Arguments arguments;
  Place place;
};

/// An attribute of a term that the host did not answer: `table.c.id` is id of (c of table).
struct Attribute {
  std::shared_ptr<Value> object;
  std::string name;
};

/// `a == b`, `a & b`, `a["x"]`, `-a` with a symbol, term or attribute inside: an expression for
/// the host to print as SQL. `op` is Python's token, "[]" for a subscript, "not", "neg".
struct Operation {
  std::string op;
  std::shared_ptr<Value> left;
  std::shared_ptr<Value> right;  ///< null for a unary operation
  Place place;
};

struct Bytes {
  std::string data;
};
using List = std::shared_ptr<std::vector<Value>>;
struct Tuple {
  std::shared_ptr<const std::vector<Value>> items;
};
/// Python's dict: insertion order. Keys compare as Python's do.
using Dict = std::shared_ptr<std::vector<std::pair<Value, Value>>>;
struct Set {
  std::shared_ptr<std::vector<Value>> items;  ///< in insertion order, each once
};

/// A value that only the running application knows: a row of a query, a random number. What is
/// computed of it is unknown as well.
struct Unknown {
  std::string what;  ///< for messages: "what a query gave"
  std::string hint;  ///< what to do where the value must be known; may be empty
  Place place;       ///< where it came from
  /// Of a text that is known in part; `$1` stands for what is not.
  std::optional<std::string> text;
  bool rest = false;  ///< as an item of a container: none, one or several unknown items
};

/// A Python value. Lists, dicts, sets, instances are shared, as in Python.
class Value {
 public:
  using Storage =
      std::variant<None, bool, std::int64_t, double, std::string, Bytes, List, Tuple, Dict, Set,
                   Symbol, std::shared_ptr<const Term>, std::shared_ptr<const Attribute>,
                   std::shared_ptr<const Operation>, std::shared_ptr<Function>,
                   std::shared_ptr<Class>, std::shared_ptr<Instance>, std::shared_ptr<Module>,
                   std::shared_ptr<const Unknown>>;

  Value() = default;
  Value(const Value&) = default;
  Value(Value&&) noexcept = default;
  Value& operator=(const Value&) = default;
  Value& operator=(Value&&) noexcept = default;
  /// However deep values are nested in one another, the stack does not grow with it.
  ~Value();

  template <typename T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Value> && std::is_constructible_v<Storage, T>)
      Value(T&& value)
      : storage_(std::forward<T>(value)) {}  // NOLINT: implicit by design

  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&storage_);
  }
  bool is_none() const { return std::holds_alternative<None>(storage_); }
  /// Null unless the value is a term.
  const Term* term() const;
  /// Null unless the value is unknown.
  const Unknown* unknown() const;
  const Storage& storage() const { return storage_; }

 private:
  Storage storage_;
};

Value list_of(std::vector<Value> items);
Value tuple_of(std::vector<Value> items);

/// Python's name of the type: "str", "int", "NoneType"; for a symbol or term its path.
std::string type_name(const Value& value);
/// What `repr()` prints, for messages; long values are cut.
std::string repr(const Value& value);

}  // namespace driftd::python
