#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "expected_schema/python/class_body.h"
#include "expected_schema/python/evaluator.h"
#include "expected_schema/python/objects.h"
#include "expected_schema/python/unknown.h"
#include "expected_schema/python/watched.h"

namespace driftd::python {

/// Throws Error{NotUnderstood}.
[[noreturn]] void refuse(const Place& place, std::string message, std::string hint = {});

/// Evaluates by walking the tree. One object an Evaluator; its functions stand in the files named.
class Interpreter {
 public:
  Interpreter(Evaluator& evaluator, Host& host, Bounds bounds);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // interpreter.cpp: loading and bounds
  std::shared_ptr<Module> load(const std::string& name, const std::string& file,
                               std::string_view text);
  void charge(std::size_t bytes, const Place& place);  ///< counts memory
  void step(const Place& place);                       ///< counts work inside a builtin
  Evaluator& evaluator() { return evaluator_; }
  Host& host() { return host_; }
  Watched& watched() { return watched_; }
  const Place& here() const { return here_; }

  // interpreter.cpp: exceptions
  [[noreturn]] void raise(std::string_view type, Value argument, const Place& place);
  Value builtin(std::string_view name) const;
  std::shared_ptr<Class> builtin_class(std::string_view name) const;
  /// "ValueError: text" of an exception.
  std::string exception_text(const Value& exception);

  // expressions.cpp
  Value evaluate(const Node& node);
  Value lookup(const std::string& name, const Node& node);

  // calls.cpp, arguments.cpp
  Value call(const Value& callee, Arguments arguments, const Place& place);
  Value call_method(const Value& object, const std::string& name, Arguments arguments,
                    const Place& place);
  Value call_symbolic(Term term);
  Arguments evaluate_arguments(const Node& list);
  Value define(const Node& node);
  Value make_lambda(const Node& node);

  // class_statement.cpp
  Value define_class(const Node& node, std::vector<Value> decorators = {});
  Value define_plain_class(const Node& node, std::vector<Value> decorators);
  Value make_class_of(const Arguments& arguments, const Place& place);  ///< type(name, bases, dict)
  // metaclasses.cpp
  void make_by_metaclass(const std::shared_ptr<Class>& type, const Place& place);
  void run_metaclass(const std::shared_ptr<Class>& type, const std::shared_ptr<Class>& metaclass,
                     const Place& place);
  std::optional<Value> metaclass_super(const Class& within, const std::string& name);
  // class_body.cpp: the class statement as a declaration
  std::optional<ClassBody> body_of(const Value& type) const;
  std::optional<Value> annotation_of(const Value& type, const std::string& name);
  Value annotation_text(std::string_view text, const std::shared_ptr<Module>& module,
                        const std::shared_ptr<Scope>& scope, const Place& place);
  void define_alias(const Node& node);  ///< the `type` statement

  // classes.cpp
  Value instantiate(const std::shared_ptr<Class>& type, Arguments arguments, const Place& place);
  Value attribute(const Value& object, const std::string& name, const Place& place);
  /// Nothing where Python raises AttributeError.
  std::optional<Value> find(const Value& object, const std::string& name, const Place& place);
  void set_attribute(const Value& object, const std::string& name, Value value, const Place& place);
  bool is_instance(const Value& value, const Value& type, const Place& place);
  Value decorate(Value decorated, const Value& decorator, const Place& place);

  // regions.cpp: what is known only when the application runs
  [[noreturn]] void need(const Why& why, const Place& place) const;  ///< throws Needed
  /// The unknown value that a symbolic one contains or is to the host; null where it is none.
  Why unknown_of(const Value& symbolic, const Place& place);
  /// Nothing where it depends on an unknown value, which is put into `why`.
  std::optional<bool> known_truth(const Value& value, const Place& place, Why& why);
  Value call_native(const std::string& name, const Native& native, Arguments arguments,
                    const Place& place);
  std::shared_ptr<Region> open_region(const Why& why);
  void close_region(const std::shared_ptr<Region>& region);
  /// Why it is not certain that what runs now would have run; null where it is.
  Why uncertain() const { return regions_.empty() ? nullptr : regions_.front()->why; }
  std::size_t uncertain_part() const { return regions_.empty() ? 0 : regions_.back()->begun; }
  bool discards(const Place& call) const;            ///< whether nobody looks at its outcome
  void touched(const Value& container, bool grows);  ///< before it is
  /// Makes a list, dict or set unknown that code which is not evaluated may change.
  void blur_now(const Value& value);

  // methods_*.cpp: nothing where the type has no such method
  std::optional<Native> str_method(const std::string& name);
  std::optional<Native> collection_method(const Value& object, const std::string& name);

  // operators.cpp, comparisons.cpp
  Value binary(std::string_view op, const Value& left, const Value& right, const Place& place,
               bool in_place = false);
  Value unary(std::string_view op, const Value& operand, const Place& place);
  Value compare(std::string_view op, const Value& left, const Value& right, const Place& place);
  /// Python's `==`; nothing where it depends on a symbol.
  std::optional<bool> equal(const Value& left, const Value& right, const Place& place,
                            int depth = 0);
  /// Of types as annotations have them, for a host that reads class bodies.
  std::optional<bool> same_form(const Value& left, const Value& right, const Place& place,
                                int depth);
  bool less(const Value& left, const Value& right, const Place& place);
  bool truth(const Value& value, const Place& place);

  // keys.cpp: containers by Python's key equality; refuses unhashable keys
  std::size_t find_key(const Dict& dict, const Value& key, const Place& place);  ///< npos: none
  std::optional<std::size_t> find_item(const std::vector<Value>& items, const Value& value,
                                       const Place& place);
  void set_key(const Dict& dict, Value key, Value value, const Place& place);
  void add_item(const Set& set, Value value, const Place& place);
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  // comprehensions.cpp: iteration
  using Next = std::function<std::optional<Value>()>;
  Next iterate(const Value& value, const Place& place);
  std::vector<Value> items(const Value& value, const Place& place);
  Value iterator(Next next);
  Value comprehension(const Node& node);

  // generators.cpp
  Value make_generator(std::function<Value()> body);
  Value yield(const Node& node);
  Value context_manager(const Value& function);
  bool runs(const Coroutine* coroutine) const;
  /// Whether fewer than `most` others have begun and not ended.
  bool may_have_another(Coroutine* coroutine, std::size_t most);

  // dataclasses.cpp, supers.cpp
  void note_body(Class& type, const Node& body) const;
  void make_dataclass(const std::shared_ptr<Class>& type, const Value& decorator,
                      const Place& place);
  bool is_super(const Node& node);
  Value super_attribute(const Node& call, const std::string& name, const Place& place);
  /// Notes what the `__init__` of a library is given for an object of the source.
  void fill(const Value& object, const Arguments& given, const Place& place);
  static void pass_on(const Value& object, Arguments given, const Place& place);
  Value bind_method(const Value& found, const Value& self, const Place& place);

  // descriptors.cpp: attributes of a class that say what they are (`__get__` and its like)
  /// What the attribute of a class gives where it is asked of `object`, None for the class itself;
  /// nothing where it is none of these.
  std::optional<Value> described(const Value& found, const Value& object,
                                 const std::shared_ptr<Class>& type, const Place& place);
  /// Whether the attribute of a class took the assignment.
  bool takes_set(const Value& found, const Value& object, const Value& value, const Place& place);
  bool takes_delete(const Value& object, const std::string& name, const Place& place);
  bool is_property(const Class& type) const;  ///< the builtin `property`, or of it
  static Value property_object(const std::shared_ptr<Instance>& made, const Arguments& given);
  Value property_of(const Arguments& arguments, const Place& place);
  void name_descriptors(const std::shared_ptr<Class>& type);
  /// `function.__get__`, `__func__`; nothing for another attribute.
  std::optional<Value> descriptor_of(const std::shared_ptr<Function>& function,
                                     const std::string& name);
  /// Whether a class has no such attribute, although it inherits from a library's.
  bool is_absent(const Class& type, const std::string& name);
  std::vector<std::string> names_of(const Value& object, const Place& place);  ///< dir()
  Value attributes_of(const Value& object, const Place& place);  ///< vars() of a class

  // subscripts.cpp
  Value subscript(const Value& object, const Value& key, const Place& place);
  Value slice(const Value& object, const Node& node);
  void set_subscript(const Node& target, Value value);
  void set_item(const Value& object, const Value& key, Value value, const Place& place);
  void delete_subscript(const Node& target);
  /// start, stop and step of a slice of something that long.
  std::tuple<std::int64_t, std::int64_t, std::int64_t> bounds_of(const Node& slice,
                                                                 std::int64_t size);
  std::int64_t length(const Value& value, const Place& place);

  // builtins.cpp
  void sort(const List& list, const Value& key, bool reverse, const Place& place);
  void update(const Dict& dict, const Value& from, const Place& place);

  // assign.cpp
  void assign(const Node& target, Value value);
  void bind(const std::string& name, Value value, const Place& place);
  void remove(const Node& target);

  // statements.cpp
  enum class Flow { Normal, Break, Continue, Return };
  Flow execute_block(const Node& block);
  Flow execute(const Node& statement);
  void execute_top_level();  // top_level.cpp

  // imports.cpp
  void import(const Node& node);
  void import_from(const Node& node);
  std::shared_ptr<Module> module(const std::string& name, const Place& place);

  // literals.cpp, format.cpp, repr.cpp
  Value string(const Node& node);
  Value number(const Node& node);
  std::string text(const Value& value, const Place& place);            ///< str()
  std::string representation(const Value& value, const Place& place);  ///< repr(), whole
  std::string format(const Value& value, std::string_view spec, const Place& place);
  std::string format_text(std::string_view pattern, const Arguments& arguments,
                          const Place& place);  ///< str.format
  std::string percent(std::string_view pattern, const Value& arguments, const Place& place);

  // builtins.cpp, modules.cpp
  void add_builtins();
  void add_builtin_functions();
  void add_exceptions();
  void add_types();
  const Native* library_function(const std::string& path) const;
  std::optional<Value> library_constant(const std::string& path) const;

  Place place(const Node& node) const { return frame_->module->tree->place(node); }
  std::string_view source(const Node& node) const { return frame_->module->tree->text(node); }
  const std::shared_ptr<Module>& current_module() const { return frame_->module; }

  std::shared_ptr<Scope> make_scope(Scope::Kind kind, std::shared_ptr<Scope> parent);
  std::shared_ptr<Instance> make_instance(std::shared_ptr<Class> type);
  std::shared_ptr<Class> make_class(std::string name);
  const Bounds& bounds() const { return bounds_; }

  /// One call that runs. Restores the frame before it however it ends.
  struct Frame {
    std::shared_ptr<Module> module;
    std::shared_ptr<Scope> scope;
    Value result;
    std::optional<Raised> handled;  ///< the exception of the `except` block that runs
    /// Those that end with the call, since it may have returned, and with the loop that runs.
    std::vector<std::shared_ptr<Region>> regions;
    std::vector<std::shared_ptr<Region>> loop_regions;
    Why uncertain;  ///< of the result
  };
  class Enter {
   public:
    Enter(Interpreter& interpreter, Frame& frame);
    ~Enter();
    Enter(const Enter&) = delete;
    Enter& operator=(const Enter&) = delete;

   private:
    Interpreter& interpreter_;
    Frame* before_;
  };
  class Deeper {
   public:
    Deeper(Interpreter& interpreter, const Place& place);
    Deeper(Interpreter& interpreter, const Node& node);
    ~Deeper() { --interpreter_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Interpreter& interpreter_;
  };
  /// While a generator's body runs: what surrounds it comes back however it stops.
  class Suspended {
   public:
    Suspended(Interpreter& interpreter, Coroutine* inner);
    ~Suspended();
    Suspended(const Suspended&) = delete;
    Suspended& operator=(const Suspended&) = delete;
    std::size_t depth() const { return depth_; }
    std::size_t guards() const { return guards_; }
    std::size_t tries() const { return tries_; }

   private:
    Interpreter& interpreter_;
    Frame* frame_;
    std::size_t depth_;
    std::size_t guards_;
    std::size_t tries_;
  };
  Frame& frame() { return *frame_; }
  const std::map<std::string, std::shared_ptr<Module>, std::less<>>& modules() const {
    return modules_;
  }

 private:
  friend class Deeper;
  friend class Coroutine;
  void step(const Node& node);
  Value evaluate_inner(const Node& node);
  Value evaluate_name_call(const Node& node);
  Value conditional(const Node& node);
  Value boolean(const Node& node);
  Value comparison(const Node& node);
  Value binary_chain(const Node& node);
  std::vector<Value> elements(const Node& node);
  Value dictionary(const Node& node);
  /// A `try` that runs, of which a handler may end the exception's way.
  struct Trying {
    std::vector<std::shared_ptr<Region>> regions;  ///< since it may have been raised
    std::optional<Raised> raised;                  ///< what may have been
    Why why;
  };
  /// In code that may have run something was raised: that did not happen, or a handler took it.
  void may_have_raised(const Raised& raised, const Why& why);
  struct Maybe {
    Flow flow = Flow::Normal;
    bool raised = false;
  };
  Maybe maybe(const Why& why, const std::function<Flow()>& work);
  /// After code that may have run ended so: what follows may not run.
  Flow lingering(Flow flow, const Why& why);
  void close_regions(std::vector<std::shared_ptr<Region>>& opened, std::size_t keep);
  void touched_name(Scope& scope, const std::string& name);
  void touched_attribute(const Value& object, const std::string& name);
  Value evaluate_maybe(const Why& why, const Node& node, bool& raised);
  Value binary_known(std::string_view op, const Value& left, const Value& right, const Place& place,
                     bool in_place);
  Value compare_known(std::string_view op, const Value& left, const Value& right,
                      const Place& place);
  Value subscript_known(const Value& object, const Value& key, const Place& place);
  Value slice_known(const Value& object, const Node& node);
  Flow execute_if(const Node& node);
  Flow execute_branches(const Node& node, const std::vector<const Node*>& branches, std::size_t at);
  Flow execute_for(const Node& node);
  Flow execute_while(const Node& node);
  Flow execute_try(const Node& node);
  using Captures = std::map<std::string, Value>;
  Flow execute_match(const Node& node);  // matching.cpp
  bool matches(const Node& pattern, const Value& subject, Captures& captures);
  bool match_sequence(const Node& node, const std::vector<const Node*>& patterns,
                      const Value& subject, Captures& captures);
  Flow execute_handlers(const Node& node, const Raised& raised, bool& handled);
  bool catches(const Value& type, const Value& exception, const Place& place);
  Flow execute_with(const Node& node, const std::vector<const Node*>& items, std::size_t at);
  void execute_raise(const Node& node);
  void execute_assert(const Node& node);
  void augmented(const Node& node);
  Value assigned(const Node& right);
  void unpack(const std::vector<const Node*>& targets, const Value& value, const Node& node);
  Value run(const std::shared_ptr<Function>& function, Arguments arguments, const Place& place);
  Value run_body(const std::shared_ptr<Function>& function, const std::shared_ptr<Scope>& scope);
  void bind_parameters(const Function& function, Arguments arguments, Scope& scope,
                       const Place& place);
  std::vector<Parameter> parameters(const Node& node);
  void inherit(const std::shared_ptr<Class>& type, Arguments given, const Place& place);
  void execute_class_body(const std::shared_ptr<Class>& type, const Node& body);
  Value annotation(const Node& node);
  std::optional<Value> find_in_class(const std::shared_ptr<Class>& type, const std::string& name);
  std::optional<Value> find_in_instance(const std::shared_ptr<Instance>& instance,
                                        const std::string& name, const Place& place);
  void make_enum(const std::shared_ptr<Class>& type, const Scope& body);  // enums.cpp
  /// Lets the enum's own `__new__` and `__init__` (null: none) make of a member what they do; false
  /// where that is not known.
  bool fill_member(std::shared_ptr<Instance>& member, const Value* maker, const Value* init,
                   const Place& place);
  std::string interpolated(const Node& node);
  std::string specifier(const Node& node);
  void import_name(const std::string& dotted, const std::string& alias, const Node& node);
  void import_all(const std::string& from, const Node& node);
  std::string resolved(const Node& module_name);
  /// The names that the statement would have bound.
  std::vector<std::string> poison(const Node& statement, const Error& error);
  /// Null where no scope has the name, or where the scope that owns it has not bound it yet.
  Binding* find_binding(const std::string& name, const Scope** unbound = nullptr);

  Evaluator& evaluator_;
  Host& host_;
  Bounds bounds_;
  std::size_t steps_ = 0;
  std::size_t memory_ = 0;
  std::size_t depth_ = 0;
  std::size_t guards_ = 0;  ///< `finally` and `with` around what runs
  bool left_open_ = false;  ///< a generator was let go within one of them
  Place here_;
  Frame* frame_ = nullptr;
  Frame outermost_;
  std::map<std::string, std::shared_ptr<Module>, std::less<>> modules_;
  std::map<std::string, Value, std::less<>> builtins_;
  Watched watched_;
  std::vector<std::shared_ptr<Region>> regions_;  ///< the outermost first
  /// A class that a metaclass of the source makes.
  struct Making {
    std::shared_ptr<Class> type;
    std::shared_ptr<Class> metaclass;
    /// What it had when the library's `__init__` took it, which maps it.
    std::optional<std::vector<std::pair<std::string, Value>>> taken;
  };
  std::vector<Making> making_;
  std::size_t serial_ = 0;
  /// The call that is the last statement begun, whose outcome nobody looks at.
  std::pair<const Node*, const Tree*> discarded_ = {nullptr, nullptr};
  std::vector<Trying*> trying_;  ///< the innermost last
  std::vector<std::shared_ptr<const Tree>> annotation_trees_;
  /// Calls that may not have happened, the innermost last.
  std::vector<std::pair<const Node*, const Arguments*>> maybe_called_;
  std::vector<Coroutine*> running_;  ///< generators whose bodies run, the innermost last
  std::vector<std::weak_ptr<Coroutine>> coroutines_;
};

/// Whether the value is of a library and not of the source: a symbol, or an expression of one.
bool is_symbolic(const Value& value);
/// The builtin class in `list[str]`; null for another value.
const Value* builtin_of(const Value& generic);
bool is_special(std::string_view name);  ///< `__name__`
/// As it stood in the source, more or less, arguments cut: `conn.execute(...)`.
std::string describe(const Value& value);
Value native(std::string name, Native function);
/// Names that Python has and this room may not: their absence is no NameError or AttributeError.
bool is_python_builtin(std::string_view name);
bool is_python_attribute(std::string_view name);
Value dict_of(std::vector<std::pair<Value, Value>> items);
Value set_of(std::vector<Value> items);
const std::string* as_text(const Value& value);          ///< also of a str enum's member
std::optional<std::int64_t> as_int(const Value& value);  ///< int and bool
std::optional<double> as_number(const Value& value);     ///< int, bool and float
const Value& unwrapped(const Value& value);  ///< the builtin that an instance is, or itself

}  // namespace driftd::python
