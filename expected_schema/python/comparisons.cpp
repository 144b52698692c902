#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {
constexpr int deepest_comparison = 100;
}  // namespace

bool Interpreter::truth(const Value& value, const Place& place) {
  if (is_symbolic(value)) {
    if (const auto* symbol = value.get_if<Symbol>()) {
      if (symbol->path == "typing.TYPE_CHECKING" ||
          symbol->path == "typing_extensions.TYPE_CHECKING") {
        return false;
      }
    }
    if (const auto answer = host_.truth(value, place)) return *answer;
    if (const Why why = unknown_of(value, place)) need(why, place);
    refuse(place,
           fmt::format("cannot tell whether `{}` is true without running the app", describe(value)),
           "Make it do the same whatever it finds, or leave the check out.");
  }
  if (const auto* why = value.get_if<Why>()) need(*why, place);
  const Value& plain = unwrapped(value);
  if (plain.is_none()) return false;
  // Items that may not be there do not say that there are any.
  const auto any = [&](const std::vector<Value>& items) {
    Why why;
    for (const Value& item : items) {
      if (!(why = may_be_absent(item))) return true;
    }
    if (why) need(why, place);
    return false;
  };
  if (const auto number = as_number(plain)) return *number != 0;
  if (const auto* text = plain.get_if<std::string>()) return !text->empty();
  if (const auto* bytes = plain.get_if<Bytes>()) return !bytes->data.empty();
  if (const auto* list = plain.get_if<List>()) return any(**list);
  if (const auto* tuple = plain.get_if<Tuple>())
    return !tuple->items->empty() || value.get_if<Tuple>() == nullptr;
  if (const auto* dict = plain.get_if<Dict>()) {
    std::vector<Value> keys;
    for (const auto& [key, item] : **dict) keys.push_back(key);
    return any(keys);
  }
  if (const auto* set = plain.get_if<Set>()) return any(*set->items);
  if (value.get_if<std::shared_ptr<Instance>>() != nullptr) {
    if (const auto method = find(value, "__bool__", place)) {
      return truth(call(*method, {}, place), place);
    }
    if (find(value, "__len__", place)) return length(value, place) != 0;
  }
  return true;
}

std::optional<bool> Interpreter::same_form(const Value& left, const Value& right,
                                           const Place& place, int depth) {
  const auto* a = left.get_if<std::shared_ptr<const Operation>>();
  const auto* b = right.get_if<std::shared_ptr<const Operation>>();
  if (a != nullptr && b != nullptr) {
    if (*a == *b) return true;
    if ((*a)->op != (*b)->op || !(*a)->right || !(*b)->right) return std::nullopt;
    const auto lefts = equal(*(*a)->left, *(*b)->left, place, depth + 1);
    const auto rights = equal(*(*a)->right, *(*b)->right, place, depth + 1);
    if (lefts == false || rights == false) return false;
    return lefts && rights ? std::optional(true) : std::nullopt;
  }
  const auto is_form = [](const Value& value) {
    const auto* operation = value.get_if<std::shared_ptr<const Operation>>();
    const Term* term = value.term();
    return value.get_if<Symbol>() != nullptr || value.get_if<std::shared_ptr<Class>>() != nullptr ||
           (operation != nullptr && ((*operation)->op == "[]" || (*operation)->op == "|")) ||
           (term != nullptr && term->callee == kTypeAlias) || value.is_none();
  };
  return is_form(left) && is_form(right) ? std::optional(false) : std::nullopt;
}

std::optional<bool> Interpreter::equal(const Value& left, const Value& right, const Place& place,
                                       int depth) {
  step(place);
  if (depth > deepest_comparison) refuse(place, "values nested too deeply to compare");
  if (left.unknown() != nullptr || right.unknown() != nullptr) return std::nullopt;
  if (is_symbolic(left) || is_symbolic(right)) {
    const auto* a = left.get_if<Symbol>();
    const auto* b = right.get_if<Symbol>();
    if (a != nullptr && b != nullptr && a->path == b->path) return true;
    if (left.term() != nullptr && left.term() == right.term()) return true;
    return host_.reads_class_bodies() ? same_form(left, right, place, depth) : std::nullopt;
  }
  const auto* a_instance = left.get_if<std::shared_ptr<Instance>>();
  const auto* b_instance = right.get_if<std::shared_ptr<Instance>>();
  if (a_instance != nullptr && b_instance != nullptr && *a_instance == *b_instance) return true;
  for (const Value* one : {&left, &right}) {
    const auto* instance = one->get_if<std::shared_ptr<Instance>>();
    if (instance == nullptr) continue;
    if (const auto method = find(*one, "__eq__", place)) {
      Arguments arguments;
      arguments.positional.push_back(one == &left ? right : left);
      return truth(call(*method, std::move(arguments), place), place);
    }
    // An enum's member equals only itself, unless it is a str or an int too.
    if (!(*instance)->payload || (*instance)->payload->get_if<Tuple>() != nullptr) return false;
  }
  const Value& a = unwrapped(left);
  const Value& b = unwrapped(right);
  const auto a_whole = as_int(a);
  const auto b_whole = as_int(b);
  if (a_whole && b_whole) return *a_whole == *b_whole;
  const auto a_number = as_number(a);
  const auto b_number = as_number(b);
  if (a_number && b_number) {
    const auto exact = a_whole ? a_whole : b_whole;
    if (exact && std::abs(static_cast<double>(*exact)) > 9007199254740992.0) return std::nullopt;
    return *a_number == *b_number;
  }
  if (a.storage().index() != b.storage().index()) return false;
  if (const auto* text = a.get_if<std::string>()) return *text == *b.get_if<std::string>();
  if (const auto* bytes = a.get_if<Bytes>()) return bytes->data == b.get_if<Bytes>()->data;
  const auto same = [&](const std::vector<Value>& one,
                        const std::vector<Value>& other) -> std::optional<bool> {
    if (one.size() != other.size()) return false;
    bool unknown = false;
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
      const auto answer = equal(one[i], other[i], place, depth + 1);
      if (answer == false) return false;
      if (!answer) unknown = true;
    }
    if (unknown) return std::nullopt;
    return true;
  };
  if (const auto* list = a.get_if<List>()) return same(**list, **b.get_if<List>());
  if (const auto* tuple = a.get_if<Tuple>()) return same(*tuple->items, *b.get_if<Tuple>()->items);
  if (const auto* dict = a.get_if<Dict>()) {
    const Dict& other = *b.get_if<Dict>();
    if ((*dict)->size() != other->size()) return false;
    bool unknown = false;
    for (const auto& [key, value] : **dict) {
      const std::size_t at = find_key(other, key, place);
      if (at == npos) return false;
      const auto answer = equal(value, (*other)[at].second, place, depth + 1);
      if (answer == false) return false;
      if (!answer) unknown = true;
    }
    if (unknown) return std::nullopt;
    return true;
  }
  if (const auto* set = a.get_if<Set>()) {
    const Set& other = *b.get_if<Set>();
    if (set->items->size() != other.items->size()) return false;
    return std::all_of(set->items->begin(), set->items->end(), [&](const Value& item) {
      return find_item(*other.items, item, place).has_value();
    });
  }
  if (const auto* function = a.get_if<std::shared_ptr<Function>>()) {
    return *function == *b.get_if<std::shared_ptr<Function>>();
  }
  if (const auto* type = a.get_if<std::shared_ptr<Class>>()) {
    return *type == *b.get_if<std::shared_ptr<Class>>();
  }
  if (const auto* module = a.get_if<std::shared_ptr<Module>>()) {
    return *module == *b.get_if<std::shared_ptr<Module>>();
  }
  return a.is_none();
}

bool Interpreter::less(const Value& left, const Value& right, const Place& place) {
  for (const Value* one : {&left, &right}) {
    if (const Why why = unknown_in(*one)) need(why, place);
  }
  step(place);
  const Deeper deeper(*this, place);
  const Value& a = unwrapped(left);
  const Value& b = unwrapped(right);
  const auto a_whole = as_int(a);
  const auto b_whole = as_int(b);
  if (a_whole && b_whole) return *a_whole < *b_whole;
  const auto a_number = as_number(a);
  const auto b_number = as_number(b);
  if (a_number && b_number) return *a_number < *b_number;
  const auto* a_text = a.get_if<std::string>();
  const auto* b_text = b.get_if<std::string>();
  if (a_text != nullptr && b_text != nullptr) return *a_text < *b_text;  // UTF-8 keeps the order
  const auto* a_list = a.get_if<List>();
  const auto* b_list = b.get_if<List>();
  const auto* a_tuple = a.get_if<Tuple>();
  const auto* b_tuple = b.get_if<Tuple>();
  if ((a_list != nullptr && b_list != nullptr) || (a_tuple != nullptr && b_tuple != nullptr)) {
    const std::vector<Value> one = a_list != nullptr ? **a_list : *a_tuple->items;
    const std::vector<Value> other = b_list != nullptr ? **b_list : *b_tuple->items;
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
      const auto same = equal(one[i], other[i], place);
      if (!same) {
        refuse(place, fmt::format("cannot tell whether `{}` equals `{}` without running the app",
                                  describe(one[i]), describe(other[i])));
      }
      if (!*same) return less(one[i], other[i], place);
    }
    return one.size() < other.size();
  }
  if (is_symbolic(left) || is_symbolic(right)) {
    for (const Value* one : {&left, &right}) {
      const Why why = is_symbolic(*one) ? unknown_of(*one, place) : nullptr;
      if (why) need(why, place);
    }
    refuse(place, fmt::format("cannot tell the order of `{}` and `{}` without running the app",
                              describe(left), describe(right)));
  }
  if (left.get_if<std::shared_ptr<Instance>>() != nullptr) {
    if (const auto method = find(left, "__lt__", place)) {
      Arguments arguments;
      arguments.positional.push_back(right);
      return truth(call(*method, std::move(arguments), place), place);
    }
  }
  raise("TypeError",
        fmt::format("'<' not supported between instances of '{}' and '{}'", type_name(left),
                    type_name(right)),
        place);
}

Value Interpreter::compare(std::string_view op, const Value& left, const Value& right,
                           const Place& place) {
  if (!is_symbolic(left) && !is_symbolic(right)) {
    for (const Value* one : {&left, &right}) {
      const auto* why = one->get_if<Why>();
      if (why == nullptr) continue;
      // A text of which the beginning is known is none that begins otherwise.
      const std::string* other = as_text(one == &left ? right : left);
      if ((op == "==" || op == "!=") && (*why)->text && other != nullptr &&
          !other->starts_with((*why)->text->substr(0, (*why)->text->find("$1")))) {
        return op == "!=";
      }
      return derived(*why);
    }
  }
  try {
    return compare_known(op, left, right, place);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    return derived(needed.why());
  }
}

Value Interpreter::compare_known(std::string_view op, const Value& left, const Value& right,
                                 const Place& place) {
  const auto operation = [&]() -> Value {
    charge(sizeof(Operation), place);
    return std::make_shared<const Operation>(Operation{
        std::string(op), std::make_shared<Value>(left), std::make_shared<Value>(right), place});
  };
  if (op == "<>") refuse(place, "`<>` is Python 2", "Only Python 3 is read.");
  const bool symbolic = is_symbolic(left) || is_symbolic(right);
  if (op == "is" || op == "is not") {
    const bool wanted = op == "is";
    if (symbolic && (left.is_none() || right.is_none())) {
      if (const auto none = host_.is_none(left.is_none() ? right : left)) return *none == wanted;
    }
    const bool beside_boolean = left.get_if<bool>() != nullptr || right.get_if<bool>() != nullptr;
    if (symbolic && beside_boolean && host_.is_construct(is_symbolic(left) ? left : right)) {
      return !wanted;
    }
    if (symbolic) return operation();
    const Value& a = left;
    const Value& b = right;
    if (a.is_none() || b.is_none()) return (a.is_none() && b.is_none()) == wanted;
    if (a.storage().index() != b.storage().index()) return !wanted;
    if (const auto* one = a.get_if<List>()) return (*one == *b.get_if<List>()) == wanted;
    if (const auto* one = a.get_if<Dict>()) return (*one == *b.get_if<Dict>()) == wanted;
    if (const auto* one = a.get_if<Set>()) return (one->items == b.get_if<Set>()->items) == wanted;
    if (const auto* one = a.get_if<std::shared_ptr<Instance>>()) {
      return (*one == *b.get_if<std::shared_ptr<Instance>>()) == wanted;
    }
    const auto answer = equal(a, b, place);
    return (answer && *answer) == wanted;
  }
  if (op == "in" || op == "not in") {
    const bool wanted = op == "in";
    const Value& in = unwrapped(right);
    if (is_symbolic(right)) return operation();
    if (const auto* text = in.get_if<std::string>()) {
      if (is_symbolic(left)) return operation();
      const std::string* part = as_text(left);
      if (part == nullptr) {
        raise("TypeError",
              fmt::format("'in <string>' requires string as left operand, not {}", type_name(left)),
              place);
      }
      return (text->find(*part) != std::string::npos) == wanted;
    }
    if (right.get_if<std::shared_ptr<Instance>>() != nullptr) {
      if (const auto method = find(right, "__contains__", place)) {
        Arguments arguments;
        arguments.positional.push_back(left);
        return truth(call(*method, std::move(arguments), place), place) == wanted;
      }
    }
    bool unknown = false;
    for (const Value& item : items(right, place)) {
      const auto answer = equal(left, item, place);
      if (answer == true) return wanted;
      if (!answer) unknown = true;
    }
    if (unknown) {
      if (const Why why = unknown_in(right)) return derived(why);
      return operation();
    }
    return !wanted;
  }
  if (op == "==" || op == "!=") {
    const bool wanted = op == "==";
    if (symbolic) return operation();
    const auto answer = equal(left, right, place);
    if (!answer) {
      for (const Value* one : {&left, &right}) {
        if (const Why why = unknown_in(*one)) return derived(why);
      }
      return operation();
    }
    return *answer == wanted;
  }
  if (symbolic) return operation();
  const auto* a_set = unwrapped(left).get_if<Set>();
  const auto* b_set = unwrapped(right).get_if<Set>();
  if (a_set != nullptr && b_set != nullptr) {
    const bool smaller = op.starts_with("<");
    const auto& inner = *(smaller ? a_set : b_set)->items;
    const auto& outer = *(smaller ? b_set : a_set)->items;
    const bool inside = std::all_of(inner.begin(), inner.end(), [&](const Value& item) {
      return find_item(outer, item, place).has_value();
    });
    return inside && (op.ends_with("=") || inner.size() < outer.size());
  }
  const auto a_number = as_number(left);
  const auto b_number = as_number(right);
  if (a_number && b_number && (std::isnan(*a_number) || std::isnan(*b_number))) return false;
  if (op == "<") return less(left, right, place);
  if (op == ">") return less(right, left, place);
  if (op == "<=") return !less(right, left, place);
  return !less(left, right, place);
}

}  // namespace driftd::python
