#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/python/class_body.h"
#include "expected_schema/python/value.h"

namespace driftd::python {

/// A hostile or endless file ends in Error{NotUnderstood} that names the bound. The thread needs
/// a stack of 2 MiB for the depth given here, and has 8 MiB by default.
struct Bounds {
  std::size_t steps = 5'000'000;              ///< expressions and statements evaluated
  std::size_t depth = 200;                    ///< nested calls and nested expressions
  std::size_t memory = 256U * 1024U * 1024U;  ///< bytes of text and items made, roughly
};

class Evaluator;

/// An exception that the source itself raises, and nothing catches: it was understood.
class RaisedOnPurpose : public Error {
 public:
  RaisedOnPurpose(const std::string& exception, const Place& place);
  const std::string& exception() const { return exception_; }

 private:
  std::string exception_;
};

/// A value that only the running application knows. Code that depends on it is evaluated once, as
/// code that may or may not run; what it changes is unknown afterwards. A `raise` in it did not
/// happen, since the migration was applied.
Value unknown(std::string what, const Place& place, std::string hint = {});
/// The unknown value that a value is or contains; null where there is none.
std::shared_ptr<const Unknown> unknown_part(const Value& value);

/// From within a host's answer: a library raises an exception of its own, such as
/// `sqlalchemy.exc.NoSuchTableError`, which the source may catch by that name.
[[noreturn]] void raise(std::string type, std::string message, const Place& place);

/// The world that the evaluated source sees: libraries, side effects, files.
class Host {
 public:
  virtual ~Host() = default;

  /// The source of a module that is to be evaluated too (a sibling in the mounted tree), or
  /// nothing: then the module is a Symbol of its own name. The place is the import's.
  struct Source {
    std::string file;
    std::string text;
  };
  virtual std::optional<Source> module_source(const std::string& module, const Place& place);

  /// Whether a statement of a class body that cannot be evaluated leaves the rest of the class as
  /// it is, as one of a module does: what it would bind is poisoned.
  virtual bool reads_class_bodies() const;
  /// A class statement was carried out.
  virtual void class_made(const Value& type);
  /// What a class of the source gives for a symbol, term, ... that is an attribute of it. Nothing:
  /// that itself. Asked only of a host that reads class bodies.
  virtual std::optional<Value> class_attribute(Evaluator& evaluator, const Value& type,
                                               const std::string& name, const Value& found,
                                               const Place& place);
  /// The classes of the source that a library's base class, given as what makes it, inherits from:
  /// a class statement that names it inherits from them, too.
  virtual std::vector<Value> classes_within(const Value& base);
  /// The attributes that a library's class brings to what inherits from it, for `dir()`; nothing
  /// where that is not known.
  virtual std::optional<std::vector<std::string>> names_within(const Value& base);
  /// A statement at a module's top level could not be evaluated. `text` is its source.
  virtual void statement_failed(std::string_view text, const Place& place, const Error& error);

  /// Whether a name of a module is to stay a symbol although the module's source is there.
  virtual bool stays_symbol(const std::string& path);

  /// Something unknown is called, `name` for a method of it: what that does is not seen. To refuse,
  /// throw Error{NotUnderstood}.
  virtual void call_of_unknown(const std::string& name, const Arguments& arguments,
                               const Place& place);

  /// `object.name = value` of a symbol, term or attribute: whether it matters to nobody, or the
  /// host has taken note. Else it is Error{NotUnderstood}.
  virtual bool takes_assignment(const Value& object, const std::string& name, const Value& value);

  /// Whether `except type:` takes an exception, both of a library. Nothing where the host does not
  /// know them.
  virtual std::optional<bool> takes_exception(const std::string& type, const std::string& raised);

  /// Whether such a value is None, where that can be told.
  virtual std::optional<bool> is_none(const Value& value);

  /// Whether such a value is surely an object of the library, and neither True nor False.
  virtual bool is_construct(const Value& value);

  /// The unknown value that such a one is, where only the running application knows its truth, text
  /// or items.
  virtual std::optional<Value> run_time_only(const Value& value, const Place& place);

  /// A symbol is called (`sqlalchemy.Column(...)`), or a method of a term, attribute or operation
  /// (`column.desc()`): see Term. Nothing: the evaluator makes a Term of it.
  /// To refuse, throw Error{NotUnderstood}. Also asked, with the class as the term's `object` and
  /// its name as `callee`, when a class of the source that inherits from a symbol is called;
  /// nothing is Error{NotUnderstood} then.
  virtual std::optional<Value> call(Evaluator& evaluator, const Term& call);

  /// The callee of a call that stands for a decorator which is a term or attribute; asked of a host
  /// that reads class bodies.
  static constexpr std::string_view kDecorates = "()";

  /// An attribute of a symbol, term or attribute. Nothing: for a symbol the longer symbol, else an
  /// Attribute.
  virtual std::optional<Value> attribute(const Value& object, const std::string& name,
                                         const Place& place);

  /// `object[key]` of a symbol, term or attribute. Nothing: an Operation.
  virtual std::optional<Value> subscript(const Value& object, const Value& key, const Place& place);

  /// Whether a symbol, term, attribute or operation is true in `if`, `and`, `while`, ... Nothing:
  /// Error{NotUnderstood} that says that the condition cannot be told without running the app.
  virtual std::optional<bool> truth(const Value& value, const Place& place);

  /// The items of such a value in `for` or `*`. Nothing: Error{NotUnderstood}.
  virtual std::optional<std::vector<Value>> items(const Value& value, const Place& place);

  /// `str()` of such a value, as in f"{value}". Nothing: Error{NotUnderstood}.
  virtual std::optional<std::string> text(const Value& value, const Place& place);

  /// `with value as target:` begins; what `target` is. Nothing: the value itself.
  virtual std::optional<Value> enter(const Value& value, const Place& place);
  /// The with block ended (also when an exception passes).
  virtual void leave(const Value& value, const Place& place);
};

/// Evaluates Python source. A syntax error is an Error{NotUnderstood} with line and column when the
/// file is loaded. Functions, classes, instances, modules and containers that contain themselves
/// are empty once the evaluator is gone; all other values live on.
class Evaluator {
 public:
  Evaluator(Host& host, Bounds bounds = {});
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// Runs a file's top level as module `name`. Throws Error{NotUnderstood} at the construct.
  /// A top-level statement that cannot be evaluated does not fail the load: the names it would
  /// bind become poisoned, and the error is thrown where one of them is used (a migration's
  /// `depends_on` must not fail because of a logger). A call for effect of that kind fails at once.
  std::shared_ptr<Module> load(const std::string& name, const std::string& file,
                               std::string_view text);

  /// A top-level name, or nothing where the module does not bind it. Throws for a poisoned one.
  std::optional<Value> global(const Module& module, const std::string& name);
  /// Where a top-level name was bound last.
  Place place_of(const Module& module, const std::string& name) const;

  /// Calls a function, class, symbol. Throws Error{NotUnderstood}; a Python `raise` that nobody
  /// caught is Error{NotUnderstood} with the exception's text.
  Value call(const Value& callee, Arguments arguments, const Place& place);

  /// The docstring of a module, empty where it has none.
  std::string docstring(const Module& module) const;

  struct LibraryObject {
    Value object;
    std::optional<Arguments> passed_on;  ///< to the library's `__init__`; nothing: it is not called
  };
  /// An object of a class of the source that inherits from a library's, as its own `__init__` makes
  /// it.
  LibraryObject library_object(const Value& type, Arguments arguments, const Place& place);
  /// What was set on an object of the source; nothing where nothing was.
  std::optional<Value> own_attribute(const Value& object, const std::string& name) const;
  void set_own_attribute(const Value& object, const std::string& name, Value value);

  bool truth(const Value& value, const Place& place);
  std::vector<Value> items(const Value& value, const Place& place);
  Value attribute(const Value& object, const std::string& name, const Place& place);
  /// The classes in a class statement's brackets, as they were written; empty for another value.
  std::vector<Value> bases(const Value& value) const;
  /// What a class statement says; nothing for another value.
  std::optional<ClassBody> body_of(const Value& type) const;
  /// The annotation of a name in the class's own body as an expression: `[]` and `|` are
  /// operations, a text in it is read as the expression that it holds, a name that is not there is
  /// a symbol. Nothing where the name has none. Throws Error{NotUnderstood}.
  std::optional<Value> annotation_of(const Value& type, const std::string& name);

  /// What a function's source says that it returns, read as annotation_of() reads.
  std::optional<Value> return_annotation(const Value& function);

  /// The name of a class of Python itself; empty for another value.
  std::string builtin_name(const Value& value) const;
  /// The text that a value is: also that of a member of an enumeration which is a str.
  const std::string* text_of(const Value& value) const;
  /// Whether a class of the source is an enumeration.
  bool is_enumeration(const Value& value) const;

  /// An attribute of a class or of what it inherits in the source; nothing where there is none.
  std::optional<Value> class_attribute(const Value& type, const std::string& name) const;

  /// Why it is not certain that the code that runs now ran when the migration was applied: since a
  /// value that only the application knows decides about it. Null where it is certain. A host
  /// must not do anything then that has an effect.
  std::shared_ptr<const Unknown> uncertain() const;
  /// While uncertain(): the same number for what runs all, or none of it.
  std::size_t uncertain_part() const;
  /// Whether the call at that place is a statement of its own: nobody looks at its outcome.
  bool discards(const Place& call) const;
  /// `str(value)`.
  std::string text(const Value& value, const Place& place);

  struct State;  // known to the files of this room only

 private:
  std::unique_ptr<State> state_;
};

}  // namespace driftd::python
