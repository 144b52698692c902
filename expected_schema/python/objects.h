#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expected_schema/python/local_names.h"
#include "expected_schema/python/syntax.h"
#include "expected_schema/python/value.h"

/// What stands behind the opaque types of value.h.
namespace driftd::python {

class Coroutine;
class Interpreter;
struct Class;

/// A name's value; or, where its statement could not be evaluated, the reason why.
struct Binding {
  Value value;
  Place place;
  std::shared_ptr<const Error> poison;
};

/// The names of a module, of one call of a function, of a class body or of a comprehension.
struct Scope : std::enable_shared_from_this<Scope> {
  enum class Kind { Module, Function, Class, Comprehension };
  Kind kind = Kind::Module;
  std::size_t serial = 0;         ///< the younger the higher
  std::shared_ptr<Scope> parent;  ///< where the source stands, not where the call came from
  std::map<std::string, Binding, std::less<>> names;
  std::set<std::string, std::less<>> globals;    ///< declared `global`
  std::set<std::string, std::less<>> nonlocals;  ///< declared `nonlocal`
  std::vector<std::string> order;                ///< of a class body: names as first bound
  std::shared_ptr<const LocalNames> local;       ///< of a function
  std::vector<std::string> star_imports;         ///< symbols whose names were imported by `*`
  std::weak_ptr<Class> defines;                  ///< of a class body
  std::string first_parameter;                   ///< of a function: what methods call self
};

struct Module {
  std::string name;
  std::string file;
  std::shared_ptr<const Tree> tree;
  std::shared_ptr<Scope> scope;
};

using Native = std::function<Value(Interpreter&, Arguments, const Place&)>;

struct Parameter {
  enum class Kind { PositionalOnly, Normal, Rest, KeywordOnly, KeywordRest };
  std::string name;
  Kind kind = Kind::Normal;
  std::optional<Value> fallback;
};

struct Function {
  enum class Binds { Instance, Class, Nothing, Property };
  std::string name;
  // Of the source:
  const Node* node = nullptr;  ///< def or lambda
  std::shared_ptr<const LocalNames> local;
  std::shared_ptr<Scope> closure;
  std::shared_ptr<Module> module;
  std::vector<Parameter> parameters;
  // Of this room:
  Native native;

  std::optional<Value> self;    ///< bound method
  std::optional<Value> setter;  ///< of a property
  Binds binds = Binds::Instance;
  std::string refusal;     ///< why it cannot be called, for a decorated one
  bool generator = false;  ///< its body has a `yield`
  /// What the source has set on it, shared by its bound methods; null: nothing.
  std::shared_ptr<std::map<std::string, Value>> attributes;
};

struct Class {
  std::string name;
  std::vector<Value> written_bases;
  std::vector<std::shared_ptr<Class>> bases;
  /// Python's method resolution order behind the class itself; empty: that of its only base.
  std::vector<std::shared_ptr<Class>> line;
  std::vector<std::pair<std::string, Value>> attributes;
  Native construct;  ///< of builtin types
  bool builtin = false;
  bool is_enum = false;
  bool by_metaclass = false;           ///< one of the source has made it
  bool opaque = false;                 ///< inherits from a symbol: only a part of it is known
  std::vector<Value> members;          ///< of an enum
  std::vector<std::string> annotated;  ///< names with a type in the body, in order
  std::vector<std::pair<std::string, const Node*>> annotations;  ///< with ClassVar, and their types
  /// Names that a `def` of the body binds, and the source of their decorators.
  std::map<std::string, std::string, std::less<>> methods;
  std::vector<std::string> dataclass_fields;  ///< own and inherited, of a data class
  std::string refusal;                        ///< why it cannot be called, for a decorated one
  // Of a class statement:
  Place place;
  const Node* statements = nullptr;
  std::shared_ptr<Module> module;
  std::shared_ptr<Scope> body;
  std::vector<std::pair<std::string, Value>> keywords;  ///< in the brackets
  std::vector<Value> decorators;                        ///< the outermost first
  /// Names of the body whose statements could not be evaluated, and statements without a name.
  std::map<std::string, std::shared_ptr<const Error>, std::less<>> poisoned;
  std::vector<std::shared_ptr<const Error>> failed;

  const Value* own(std::string_view attribute) const;
  void set(const std::string& attribute, Value value);
};

/// An object. Iterators, exceptions and library objects of the builtin modules are instances too.
struct Instance {
  std::shared_ptr<Class> type;
  std::vector<std::pair<std::string, Value>> attributes;
  std::optional<Value> payload;  ///< what it is as a builtin: an enum's str, an exception's args
  std::function<std::optional<Value>()> next;  ///< of an iterator
  std::shared_ptr<Coroutine> coroutine;        ///< of a generator function's

  const Value* own(std::string_view attribute) const;
  void set(const std::string& attribute, Value value);
};

/// The attribute of an object of a library's class that says what the library's `__init__` was
/// given, as the arguments of a term.
inline constexpr std::string_view kPassedOn = "()";

/// A Python exception on its way to an `except`.
struct Raised {
  Value exception;
  Place place;
  bool meant = false;  ///< by a `raise` of the source, or by the host as a library would
};

/// The attribute of a class or of what it inherits; null where there is none.
const Value* find_attribute(const Class& type, std::string_view attribute);
/// The error of a poisoned attribute that comes before all others of its name; null: none does.
std::shared_ptr<const Error> poisoned_attribute(const Class& type, std::string_view attribute);
bool is_subclass(const Class& type, const Class& base);
bool is_opaque(const Class& type);

}  // namespace driftd::python
