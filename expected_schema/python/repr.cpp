#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "expected_schema/base/text.h"
#include "expected_schema/python/interpreter.h"
#include "expected_schema/python/unicode.h"

namespace driftd::python {
namespace {

constexpr std::size_t longest_message = 120;
constexpr int deepest_repr = 60;

std::string quoted(std::string_view text, bool bytes) {
  const bool doubled =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = doubled ? '"' : '\'';
  std::string result = bytes ? "b" : "";
  result += quote;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\r') {
      result += "\\r";
    } else if (byte < 0x20 || byte == 0x7F || (bytes && byte >= 0x80)) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  result += quote;
  return result;
}

/// Python's shortest text that reads back as the same number.
std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific);
  std::string_view scientific(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const auto e = scientific.find('e');
  int exponent = 0;
  std::string_view digits = scientific.substr(e + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(scientific);
  const auto fixed =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  std::string text(buffer.data(), fixed.ptr);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

class Printer {
 public:
  Printer(Interpreter* interpreter, const Place& place, std::size_t limit)
      : interpreter_(interpreter), place_(place), limit_(limit) {}

  void print(const Value& value, int depth = 0) {
    if (text_.size() > limit_) return;
    if (depth > deepest_repr) {
      if (interpreter_ != nullptr) refuse(place_, "values nested too deeply to print");
      text_ += "...";
      return;
    }
    std::visit([&](const auto& one) { this->show(one, depth + 1); }, value.storage());
    if (interpreter_ != nullptr && text_.size() > charged_ + 4096) {
      interpreter_->charge(text_.size() - charged_, place_);
      charged_ = text_.size();
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void sequence(std::string_view open, const std::vector<Value>& items, std::string_view close,
                int depth) {
    text_ += open;
    for (std::size_t i = 0; i < items.size() && text_.size() <= limit_; ++i) {
      if (i > 0) text_ += ", ";
      print(items[i], depth);
    }
    text_ += close;
  }
  void show(const None&, int) { text_ += "None"; }
  void show(bool truth, int) { text_ += truth ? "True" : "False"; }
  void show(std::int64_t number, int) { text_ += fmt::format("{}", number); }
  void show(double number, int) { text_ += float_text(number); }
  void show(const std::string& text, int) { text_ += quoted(text, false); }
  void show(const Bytes& bytes, int) { text_ += quoted(bytes.data, true); }
  void show(const List& list, int depth) { sequence("[", *list, "]", depth); }
  void show(const Tuple& tuple, int depth) {
    sequence("(", *tuple.items, tuple.items->size() == 1 ? ",)" : ")", depth);
  }
  void show(const Dict& dict, int depth) {
    text_ += '{';
    for (std::size_t i = 0; i < dict->size() && text_.size() <= limit_; ++i) {
      if (i > 0) text_ += ", ";
      print((*dict)[i].first, depth);
      text_ += ": ";
      print((*dict)[i].second, depth);
    }
    text_ += '}';
  }
  void show(const Set& set, int depth) {
    if (set.items->empty()) {
      text_ += "set()";
    } else {
      sequence("{", *set.items, "}", depth);
    }
  }
  void untellable(const Value& value) {
    if (interpreter_ == nullptr) return;
    refuse(place_,
           fmt::format("cannot tell `{}` as text without running the app", describe(value)));
  }
  void show(const Symbol& symbol, int) {
    untellable(symbol);
    text_ += symbol.path;
  }
  void show(const std::shared_ptr<const Term>& term, int depth) {
    untellable(term);
    if (term->object) {
      print(*term->object, depth);
      text_ += '.';
    }
    text_ += term->callee + "(";
    std::string_view separator;
    for (const Value& argument : term->arguments.positional) {
      text_ += std::exchange(separator, ", ");
      print(argument, depth);
    }
    for (const auto& [name, argument] : term->arguments.keyword) {
      text_ += std::exchange(separator, ", ");
      text_ += name + "=";
      print(argument, depth);
    }
    text_ += ')';
  }
  void show(const std::shared_ptr<const Attribute>& attribute, int depth) {
    untellable(attribute);
    print(*attribute->object, depth);
    text_ += "." + attribute->name;
  }
  void show(const std::shared_ptr<const Operation>& operation, int depth) {
    untellable(operation);
    if (operation->op == "[]") {
      print(*operation->left, depth);
      text_ += '[';
      print(*operation->right, depth);
      text_ += ']';
    } else if (!operation->right) {
      text_ += operation->op == "neg" ? "-" : operation->op == "pos" ? "+" : operation->op + " ";
      print(*operation->left, depth);
    } else {
      print(*operation->left, depth);
      text_ += " " + operation->op + " ";
      print(*operation->right, depth);
    }
  }
  void show(const std::shared_ptr<Function>& function, int) {
    text_ += fmt::format("<function {}>", function->name);
  }
  void show(const std::shared_ptr<Class>& type, int) {
    text_ += fmt::format("<class '{}'>", type->name);
  }
  void show(const std::shared_ptr<const Unknown>& unknown, int) {
    if (interpreter_ != nullptr) interpreter_->need(unknown, place_);
    text_ += fmt::format("<{}>", unknown->what);
  }
  void show(const std::shared_ptr<Module>& module, int) {
    text_ += fmt::format("<module '{}'>", module->name);
  }
  void show(const std::shared_ptr<Instance>& instance, int depth) {
    if (instance->type->is_enum) {
      const Value* name = instance->own("name");
      const Value* value = instance->own("value");
      text_ += fmt::format("<{}.{}: ", instance->type->name,
                           name != nullptr ? *name->get_if<std::string>() : "");
      if (value != nullptr) print(*value, depth);
      text_ += '>';
      return;
    }
    const auto* arguments = instance->payload ? instance->payload->get_if<Tuple>() : nullptr;
    if (arguments != nullptr && instance->own("args") != nullptr) {
      text_ += instance->type->name;
      sequence("(", *arguments->items, ")", depth);
      return;
    }
    if (interpreter_ != nullptr) {
      if (const auto method = interpreter_->find(instance, "__repr__", place_)) {
        const Value shown = interpreter_->call(*method, {}, place_);
        if (const std::string* text = as_text(shown)) text_ += *text;
        return;
      }
      refuse(place_, fmt::format("the text of a `{}` object depends on where it lies in memory",
                                 instance->type->name));
    }
    text_ += fmt::format("<{} object>", instance->type->name);
  }

  Interpreter* interpreter_;
  const Place& place_;
  std::size_t limit_;
  std::size_t charged_ = 0;
  std::string text_;
};

}  // namespace

std::string repr(const Value& value) {
  const Place nowhere;
  Printer printer(nullptr, nowhere, longest_message);
  printer.print(value);
  std::string text = printer.take();
  if (text.size() > longest_message) {
    text.resize(longest_message);
    while (!text.empty() && valid_utf8(text) != text) text.pop_back();
    text += "...";
  }
  return text;
}

std::string describe(const Value& value) {
  if (const Term* term = value.term()) {
    const bool any = !term->arguments.positional.empty() || !term->arguments.keyword.empty();
    std::string text = term->object ? describe(*term->object) + "." : std::string();
    if (text.size() > longest_message) text = "(...).";
    return text + term->callee + (any ? "(...)" : "()");
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
    std::string text = describe(*(*attribute)->object);
    if (text.size() > longest_message) text = "(...)";
    return text + "." + (*attribute)->name;
  }
  if (const auto* type = value.get_if<std::shared_ptr<Class>>()) return (*type)->name;
  return repr(value);
}

std::string type_name(const Value& value) {
  struct Name {
    std::string operator()(const None&) const { return "NoneType"; }
    std::string operator()(bool) const { return "bool"; }
    std::string operator()(std::int64_t) const { return "int"; }
    std::string operator()(double) const { return "float"; }
    std::string operator()(const std::string&) const { return "str"; }
    std::string operator()(const Bytes&) const { return "bytes"; }
    std::string operator()(const List&) const { return "list"; }
    std::string operator()(const Tuple&) const { return "tuple"; }
    std::string operator()(const Dict&) const { return "dict"; }
    std::string operator()(const Set&) const { return "set"; }
    std::string operator()(const Symbol& symbol) const { return symbol.path; }
    std::string operator()(const std::shared_ptr<const Term>& term) const { return term->callee; }
    std::string operator()(const std::shared_ptr<const Attribute>& one) const {
      return describe(one);
    }
    std::string operator()(const std::shared_ptr<const Operation>& one) const {
      return describe(one);
    }
    std::string operator()(const std::shared_ptr<Function>&) const { return "function"; }
    std::string operator()(const std::shared_ptr<Class>&) const { return "type"; }
    std::string operator()(const std::shared_ptr<Instance>& one) const { return one->type->name; }
    std::string operator()(const std::shared_ptr<Module>&) const { return "module"; }
    std::string operator()(const std::shared_ptr<const Unknown>&) const { return "unknown"; }
  };
  return std::visit(Name{}, value.storage());
}

std::string Interpreter::representation(const Value& value, const Place& place) {
  Printer printer(this, place, static_cast<std::size_t>(-1));
  printer.print(value);
  return printer.take();
}

std::string Interpreter::text(const Value& value, const Place& place) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* why = value.get_if<Why>()) need(*why, place);
  if (is_symbolic(value)) {
    if (auto answer = host_.text(value, place)) return std::move(*answer);
    if (const Why why = unknown_of(value, place)) need(why, place);
    refuse(place, fmt::format("cannot tell `{}` as text without running the app", describe(value)));
  }
  const auto* instance = value.get_if<std::shared_ptr<Instance>>();
  if (instance == nullptr) return representation(value, place);
  if (const auto method = find(value, "__str__", place)) {
    const Value shown = call(*method, {}, place);
    if (const std::string* given = as_text(shown)) return *given;
    raise("TypeError", "__str__ returned non-string", place);
  }
  if ((*instance)->type->is_enum) {
    if (find_attribute(*(*instance)->type, "__str_is_value__") != nullptr) {
      return this->text(unwrapped(value), place);
    }
    if (as_int(value)) {
      refuse(place, "the text of an IntEnum's member depends on the version of Python",
             "Use its `.value` or its `.name`.");
    }
    return (*instance)->type->name + "." + *(*instance)->own("name")->get_if<std::string>();
  }
  if (is_subclass(*(*instance)->type, *builtin_class("BaseException"))) {
    const auto* arguments = (*instance)->payload ? (*instance)->payload->get_if<Tuple>() : nullptr;
    if (arguments == nullptr || arguments->items->empty()) return {};
    if (arguments->items->size() > 1) return representation(*(*instance)->payload, place);
    if (is_subclass(*(*instance)->type, *builtin_class("KeyError"))) {
      return representation(arguments->items->front(), place);
    }
    return this->text(arguments->items->front(), place);
  }
  if ((*instance)->payload) return text(*(*instance)->payload, place);
  return representation(value, place);
}

}  // namespace driftd::python
