#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

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
  const auto text = [](const Value& value) -> std::optional<std::string> {
    if (const std::string* known = as_text(value)) return *known;
    const Unknown* unknown = value.unknown();
    return unknown == nullptr ? std::nullopt : unknown->text;
  };
  if (!is_symbolic(left) && !is_symbolic(right)) {
    for (const Value* one : {&left, &right}) {
      const auto* why = one->get_if<Why>();
      if (why == nullptr) continue;
      if (in_place && one == &right) {
        touched(left, true);
        blur(left, size_of(left), *why);
        if (unwrapped(left).get_if<List>() != nullptr) return left;
      }
      if (op == "%" && as_text(left) != nullptr) {
        return derived(*why, with_unknown_parts(*as_text(left), true));
      }
      const auto a = text(left);
      const auto b = text(right);
      if (op != "+" || (!a && !b)) return derived(*why);
      return derived(*why, a.value_or("$1") + b.value_or("$1"));
    }
  }
  if (in_place && !regions_.empty()) touched(left, op == "+" || op == "|");
  try {
    return binary_known(op, left, right, place, in_place);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    if (in_place) blur(left, op == "+" || op == "|" ? size_of(left) : 0, needed.why());
    if (op != "%" || as_text(left) == nullptr) return derived(needed.why());
    return derived(needed.why(), with_unknown_parts(*as_text(left), true));
  }
}

Value Interpreter::binary_known(std::string_view op, const Value& left, const Value& right,
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
  if (op == "|" && typed && host_.reads_class_bodies()) {
    // A union of types, as an annotation has it.
    return std::make_shared<const Operation>(
        Operation{"|", std::make_shared<Value>(left), std::make_shared<Value>(right), place});
  }
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
  if (const auto* why = operand.get_if<Why>()) return derived(*why);
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

}  // namespace driftd::python
