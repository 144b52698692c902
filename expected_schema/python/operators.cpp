#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

constexpr int deepest_comparison = 100;

[[noreturn]] void too_large(const Place& place) {
  refuse(place, "an integer beyond 64 bits is not supported");
}

std::int64_t floor_division(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? quotient - 1 : quotient;
}

std::int64_t power(std::int64_t base, std::int64_t exponent, const Place& place) {
  std::int64_t result = 1;
  if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
  if (base == -1) return exponent % 2 == 0 ? 1 : -1;
  for (; exponent > 0; --exponent) {
    if (__builtin_mul_overflow(result, base, &result)) too_large(place);
  }
  return result;
}

std::optional<Value> whole(std::string_view op, std::int64_t a, std::int64_t b,
                           const Place& place) {
  std::int64_t result = 0;
  bool over = false;
  if (op == "+") {
    over = __builtin_add_overflow(a, b, &result);
  } else if (op == "-") {
    over = __builtin_sub_overflow(a, b, &result);
  } else if (op == "*") {
    over = __builtin_mul_overflow(a, b, &result);
  } else if (op == "//" || op == "%") {
    if (b == -1) {
      if (op == "//") over = __builtin_sub_overflow(std::int64_t{0}, a, &result);
    } else {
      const std::int64_t quotient = floor_division(a, b);
      result = op == "//" ? quotient : a - quotient * b;
    }
  } else if (op == "**" && b >= 0) {
    result = power(a, b, place);
  } else if (op == "&") {
    result = a & b;
  } else if (op == "|") {
    result = a | b;
  } else if (op == "^") {
    result = a ^ b;
  } else if (op == "<<" && b >= 0) {
    over = b > 62 && a != 0;
    if (!over)
      over = __builtin_mul_overflow(a, std::int64_t{1} << std::min(b, std::int64_t{62}), &result);
  } else if (op == ">>" && b >= 0) {
    result = a >> std::min(b, std::int64_t{63});
  } else {
    return std::nullopt;
  }
  if (over) too_large(place);
  return Value(result);
}

std::optional<Value> real(std::string_view op, double a, double b) {
  if (op == "+") return Value(a + b);
  if (op == "-") return Value(a - b);
  if (op == "*") return Value(a * b);
  if (op == "/") return Value(a / b);
  if (op == "//") return Value(std::floor(a / b));
  if (op == "%") {
    double rest = std::fmod(a, b);
    if (rest != 0 && ((rest < 0) != (b < 0))) rest += b;
    return Value(rest);
  }
  if (op == "**") return Value(std::pow(a, b));
  return std::nullopt;
}

}  // namespace

Value Interpreter::binary(std::string_view op, const Value& left, const Value& right,
                          const Place& place, bool in_place) {
  const Value& a = unwrapped(left);
  const Value& b = unwrapped(right);
  const auto* text = a.get_if<std::string>();
  if (op == "%" && text != nullptr) return percent(*text, right, place);
  if (is_symbolic(left) || is_symbolic(right)) {
    charge(sizeof(Operation), place);
    return std::make_shared<const Operation>(Operation{
        std::string(op), std::make_shared<Value>(left), std::make_shared<Value>(right), place});
  }
  const auto* bytes = a.get_if<Bytes>();
  const auto* list = a.get_if<List>();
  const auto* tuple = a.get_if<Tuple>();
  const auto a_whole = as_int(a);
  const auto b_whole = as_int(b);
  if (op == "+") {
    if (const auto* other = b.get_if<std::string>(); text != nullptr && other != nullptr) {
      charge(text->size() + other->size(), place);
      return *text + *other;
    }
    if (const auto* other = b.get_if<Bytes>(); bytes != nullptr && other != nullptr) {
      charge(bytes->data.size() + other->data.size(), place);
      return Bytes{bytes->data + other->data};
    }
    if (const auto* other = b.get_if<List>(); list != nullptr && (other != nullptr || in_place)) {
      std::vector<Value> more = items(right, place);
      if (in_place) {
        (*list)->insert((*list)->end(), more.begin(), more.end());
        return left;
      }
      std::vector<Value> all = items(left, place);
      all.insert(all.end(), more.begin(), more.end());
      return list_of(std::move(all));
    }
    if (const auto* other = b.get_if<Tuple>(); tuple != nullptr && other != nullptr) {
      charge((tuple->items->size() + other->items->size()) * sizeof(Value), place);
      std::vector<Value> all = *tuple->items;
      all.insert(all.end(), other->items->begin(), other->items->end());
      return tuple_of(std::move(all));
    }
  }
  if (op == "*" && (a_whole || b_whole)) {
    const Value& repeated = a_whole ? b : a;
    const std::int64_t given = a_whole ? *a_whole : *b_whole;
    const auto times = static_cast<std::size_t>(std::max(given, std::int64_t{0}));
    const auto affordable = [&](std::size_t size) {
      if (size != 0 && times > bounds_.memory / size) charge(bounds_.memory + 1, place);
      charge(size * times, place);
    };
    if (const auto* one = repeated.get_if<std::string>()) {
      affordable(one->size());
      std::string all;
      all.reserve(one->size() * times);
      for (std::size_t i = 0; i < (one->empty() ? 0 : times); ++i) all += *one;
      return all;
    }
    const auto* one_list = repeated.get_if<List>();
    const auto* one_tuple = repeated.get_if<Tuple>();
    if (one_list != nullptr || one_tuple != nullptr) {
      const std::vector<Value> one = one_list != nullptr ? **one_list : *one_tuple->items;
      affordable(one.size() * sizeof(Value));
      std::vector<Value> all;
      for (std::size_t i = 0; i < (one.empty() ? 0 : times); ++i) {
        all.insert(all.end(), one.begin(), one.end());
      }
      if (one_list == nullptr) return tuple_of(std::move(all));
      if (in_place && list != nullptr) {
        **list = std::move(all);
        return left;
      }
      return list_of(std::move(all));
    }
  }
  const auto* a_set = a.get_if<Set>();
  const auto* b_set = b.get_if<Set>();
  if (a_set != nullptr && b_set != nullptr) {
    std::vector<Value> kept;
    for (const Value& item : *a_set->items) {
      const bool both = find_item(*b_set->items, item, place).has_value();
      if (op == "|" || (op == "&" && both) || ((op == "-" || op == "^") && !both)) {
        kept.push_back(item);
      }
    }
    if (op == "|" || op == "^") {
      for (const Value& item : *b_set->items) {
        if (!find_item(*a_set->items, item, place)) kept.push_back(item);
      }
    }
    if (op == "|" || op == "&" || op == "-" || op == "^") {
      charge(kept.size() * sizeof(Value), place);
      if (!in_place) return set_of(std::move(kept));
      *a_set->items = std::move(kept);
      return left;
    }
  }
  const auto* a_dict = a.get_if<Dict>();
  const auto* b_dict = b.get_if<Dict>();
  if (op == "|" && a_dict != nullptr && b_dict != nullptr) {
    charge(((*a_dict)->size() + (*b_dict)->size()) * 2 * sizeof(Value), place);
    const Value made = in_place ? left : dict_of(**a_dict);
    const auto from = **b_dict;
    for (const auto& [key, value] : from)
      set_key(*unwrapped(made).get_if<Dict>(), key, value, place);
    return made;
  }
  if (a.get_if<bool>() != nullptr && b.get_if<bool>() != nullptr &&
      (op == "&" || op == "|" || op == "^")) {
    return op == "^"   ? *a_whole != *b_whole
           : op == "&" ? (*a_whole & *b_whole) != 0
                       : (*a_whole | *b_whole) != 0;
  }
  const auto a_number = as_number(a);
  const auto b_number = as_number(b);
  if (a_number && b_number) {
    if ((op == "/" || op == "//" || op == "%") && *b_number == 0) {
      raise("ZeroDivisionError", "division by zero", place);
    }
    if ((op == "<<" || op == ">>") && b_whole && *b_whole < 0) {
      raise("ValueError", "negative shift count", place);
    }
    if (a_whole && b_whole) {
      if (op == "/") {
        constexpr std::int64_t exact = std::int64_t{1} << 53;
        if (std::abs(*a_whole / 2) > exact / 2 || std::abs(*b_whole / 2) > exact / 2) {
          too_large(place);  // Python divides exactly, doubles do not
        }
      }
      if (auto result = whole(op, *a_whole, *b_whole, place)) return *result;
    }
    if (op == "**" && (*a_number == 0 || *a_number < 0) && *b_number < 0 && !b_whole) {
      refuse(place, "a complex number is not supported");
    }
    if (op == "**" && *a_number == 0 && *b_number < 0) {
      raise("ZeroDivisionError", "0.0 cannot be raised to a negative power", place);
    }
    if (auto result = real(op, *a_number, *b_number)) {
      const auto* made = result->get_if<double>();
      if (op == "**" && made != nullptr && std::isinf(*made) && std::isfinite(*a_number) &&
          std::isfinite(*b_number)) {
        raise("OverflowError", "Numerical result out of range", place);
      }
      return *result;
    }
  }
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"+", "__add__"},     {"-", "__sub__"}, {"*", "__mul__"},
      {"/", "__truediv__"}, {"%", "__mod__"}, {"//", "__floordiv__"},
      {"|", "__or__"},      {"&", "__and__"}, {"^", "__xor__"}};
  if (left.get_if<std::shared_ptr<Instance>>() != nullptr) {
    for (const auto& [token, name] : names) {
      if (token != op) continue;
      if (const auto method = find(left, std::string(name), place)) {
        Arguments arguments;
        arguments.positional.push_back(right);
        return call(*method, std::move(arguments), place);
      }
    }
  }
  const bool typed =
      left.get_if<std::shared_ptr<Class>>() || right.get_if<std::shared_ptr<Class>>();
  if ((op == "|" && typed) || (op == "%" && bytes != nullptr) || (op == "*" && bytes != nullptr)) {
    refuse(place, fmt::format("`{}` of `{}` and `{}` is not supported", op, describe(left),
                              describe(right)));
  }
  if (op == "+" && text != nullptr) {
    raise("TypeError",
          fmt::format("can only concatenate str (not \"{}\") to str", type_name(right)), place);
  }
  raise("TypeError",
        fmt::format("unsupported operand type(s) for {}: '{}' and '{}'", op, type_name(left),
                    type_name(right)),
        place);
}

Value Interpreter::unary(std::string_view op, const Value& operand, const Place& place) {
  if (is_symbolic(operand)) {
    const std::string_view name = op == "-" ? "neg" : op == "+" ? "pos" : op;
    return std::make_shared<const Operation>(
        Operation{std::string(name), std::make_shared<Value>(operand), nullptr, place});
  }
  if (const auto number = as_int(operand)) {
    if (op == "~") return ~*number;
    if (op == "+") return *number;
    if (*number == std::numeric_limits<std::int64_t>::min()) too_large(place);
    return -*number;
  }
  if (const auto number = as_number(operand); number && op != "~") {
    return op == "-" ? -*number : *number;
  }
  raise("TypeError", fmt::format("bad operand type for unary {}: '{}'", op, type_name(operand)),
        place);
}

bool Interpreter::truth(const Value& value, const Place& place) {
  if (is_symbolic(value)) {
    if (const auto* symbol = value.get_if<Symbol>()) {
      if (symbol->path == "typing.TYPE_CHECKING" ||
          symbol->path == "typing_extensions.TYPE_CHECKING") {
        return false;
      }
    }
    if (const auto answer = host_.truth(value, place)) return *answer;
    refuse(place,
           fmt::format("cannot tell whether `{}` is true without running the app", describe(value)),
           "Make the migration do the same whatever it finds, or leave the check out.");
  }
  const Value& plain = unwrapped(value);
  if (plain.is_none()) return false;
  if (const auto number = as_number(plain)) return *number != 0;
  if (const auto* text = plain.get_if<std::string>()) return !text->empty();
  if (const auto* bytes = plain.get_if<Bytes>()) return !bytes->data.empty();
  if (const auto* list = plain.get_if<List>()) return !(*list)->empty();
  if (const auto* tuple = plain.get_if<Tuple>())
    return !tuple->items->empty() || value.get_if<Tuple>() == nullptr;
  if (const auto* dict = plain.get_if<Dict>()) return !(*dict)->empty();
  if (const auto* set = plain.get_if<Set>()) return !set->items->empty();
  if (value.get_if<std::shared_ptr<Instance>>() != nullptr) {
    if (const auto method = find(value, "__bool__", place)) {
      return truth(call(*method, {}, place), place);
    }
    if (find(value, "__len__", place)) return length(value, place) != 0;
  }
  return true;
}

std::optional<bool> Interpreter::equal(const Value& left, const Value& right, const Place& place,
                                       int depth) {
  step(place);
  if (depth > deepest_comparison) refuse(place, "values nested too deeply to compare");
  if (is_symbolic(left) || is_symbolic(right)) {
    const auto* a = left.get_if<Symbol>();
    const auto* b = right.get_if<Symbol>();
    if (a != nullptr && b != nullptr && a->path == b->path) return true;
    if (left.term() != nullptr && left.term() == right.term()) return true;
    return std::nullopt;
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
  const auto operation = [&]() -> Value {
    charge(sizeof(Operation), place);
    return std::make_shared<const Operation>(Operation{
        std::string(op), std::make_shared<Value>(left), std::make_shared<Value>(right), place});
  };
  if (op == "<>") refuse(place, "`<>` is Python 2", "Only Python 3 is read.");
  const bool symbolic = is_symbolic(left) || is_symbolic(right);
  if (op == "is" || op == "is not") {
    const bool wanted = op == "is";
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
    if (unknown) return operation();
    return !wanted;
  }
  if (op == "==" || op == "!=") {
    const bool wanted = op == "==";
    if (symbolic) return operation();
    const auto answer = equal(left, right, place);
    if (!answer) return operation();
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

namespace {
void check_hashable(Interpreter& interpreter, const Value& key, const Place& place, int depth = 0) {
  const auto* instance = key.get_if<std::shared_ptr<Instance>>();
  if (instance != nullptr) return;
  if (key.get_if<List>() != nullptr || key.get_if<Dict>() != nullptr) {
    interpreter.raise("TypeError", fmt::format("unhashable type: '{}'", type_name(key)), place);
  }
  if (const auto* tuple = key.get_if<Tuple>(); tuple != nullptr && depth < deepest_comparison) {
    for (const Value& item : *tuple->items) check_hashable(interpreter, item, place, depth + 1);
  }
}
}  // namespace

std::optional<std::size_t> Interpreter::find_item(const std::vector<Value>& items,
                                                  const Value& value, const Place& place) {
  bool unknown = false;
  // The usual keys need no full comparison.
  const auto* text = value.get_if<std::string>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (text != nullptr) {
      if (const auto* other = items[i].get_if<std::string>()) {
        if (*other == *text) return i;
        continue;
      }
    }
    const auto answer = equal(items[i], value, place);
    if (answer == true) return i;
    // Two terms are two objects, and two library names as a rule are two things: keys may be both.
    if (!answer) unknown = true;
  }
  if (unknown && !(value.get_if<Symbol>() != nullptr || value.term() != nullptr)) {
    refuse(place, fmt::format("cannot tell whether `{}` is among the keys without running the app",
                              describe(value)));
  }
  return std::nullopt;
}

std::size_t Interpreter::find_key(const Dict& dict, const Value& key, const Place& place) {
  check_hashable(*this, key, place);
  bool unknown = false;
  const auto* text = key.get_if<std::string>();
  step(place);
  for (std::size_t i = 0; i < dict->size(); ++i) {
    const Value& other_key = (*dict)[i].first;
    if (text != nullptr) {
      if (const auto* other = other_key.get_if<std::string>()) {
        if (*other == *text) return i;
        continue;
      }
    }
    const auto answer = equal(other_key, key, place);
    if (answer == true) return i;
    if (!answer) unknown = true;
  }
  if (unknown) {
    refuse(place, fmt::format("cannot tell whether `{}` is among the keys without running the app",
                              describe(key)));
  }
  return npos;
}

void Interpreter::set_key(const Dict& dict, Value key, Value value, const Place& place) {
  std::size_t at = npos;
  if (key.get_if<Symbol>() != nullptr || key.term() != nullptr) {
    // Two library names are two keys, until one is looked up that is not there as written.
    for (std::size_t i = 0; i < dict->size() && at == npos; ++i) {
      if (equal((*dict)[i].first, key, place) == true) at = i;
    }
  } else {
    at = find_key(dict, key, place);
  }
  charge(2 * sizeof(Value), place);
  if (at != npos) {
    (*dict)[at].second = std::move(value);
  } else {
    dict->emplace_back(std::move(key), std::move(value));
  }
}

void Interpreter::add_item(const Set& set, Value value, const Place& place) {
  check_hashable(*this, value, place);
  charge(sizeof(Value), place);
  if (!find_item(*set.items, value, place)) set.items->push_back(std::move(value));
}

}  // namespace driftd::python
