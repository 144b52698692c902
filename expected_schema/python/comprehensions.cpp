#include <fmt/format.h>

#include <utility>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

/// One `for` or `if` after another, as far as the next item: so that `any(...)` and `next(...)`
/// evaluate no more than Python does.
struct Generator {
  struct Loop {
    const Node* node;
    Interpreter::Next next;
  };
  const Node* node = nullptr;
  std::vector<const Node*> clauses;
  std::vector<Loop> loops;  ///< the `for` clauses that are running, outermost first
  Interpreter::Frame frame;
  Interpreter::Next first;  ///< of the outermost iterable, evaluated where the text stands
  bool started = false;
  bool ended = false;
  Why why;  ///< since an item or a condition is unknown: why the next item may not be there
};

}  // namespace

Interpreter::Next Interpreter::iterate(const Value& value, const Place& place) {
  const Value& plain = unwrapped(value);
  if (const Why why = is_symbolic(value)           ? unknown_of(value, place)
                      : value.unknown() != nullptr ? unknown_in(value)
                                                   : nullptr) {
    return [item = std::optional(rest_of(why))]() mutable {
      return std::exchange(item, std::nullopt);
    };
  }
  if (const auto* instance = value.get_if<std::shared_ptr<Instance>>()) {
    if ((*instance)->next) {
      return [kept = *instance] { return kept->next ? kept->next() : std::nullopt; };
    }
  }
  if (const auto* list = plain.get_if<List>()) {  // a list may grow while it is walked
    return [kept = *list, at = std::size_t{0}]() mutable -> std::optional<Value> {
      if (at >= kept->size()) return std::nullopt;
      return (*kept)[at++];
    };
  }
  const auto* dict = plain.get_if<Dict>();
  const auto* set = plain.get_if<Set>();
  if (dict != nullptr || set != nullptr) {
    const auto size = [a = dict != nullptr ? *dict : nullptr,
                       b = set != nullptr ? set->items : nullptr] {
      return a ? a->size() : b->size();
    };
    return [this, size, place, kept = items(value, place),
            at = std::size_t{0}]() mutable -> std::optional<Value> {
      if (size() != kept.size()) {
        raise("RuntimeError", "dictionary or set changed size during iteration", place);
      }
      if (at >= kept.size()) return std::nullopt;
      return kept[at++];
    };
  }
  return [kept = items(value, place), at = std::size_t{0}]() mutable -> std::optional<Value> {
    if (at >= kept.size()) return std::nullopt;
    return kept[at++];
  };
}

Value Interpreter::iterator(Next next) {
  auto instance = make_instance(builtin_class("generator"));
  instance->next = std::move(next);
  return instance;
}

Value Interpreter::comprehension(const Node& node) {
  auto state = std::make_shared<Generator>();
  state->node = node.child("body");
  for (const Node* child : node.children) {
    if (child->kind == Kind::ForIn || child->kind == Kind::IfClause) {
      if (child->has_token("async")) refuse(place(*child), "`async for` is not supported");
      state->clauses.push_back(child);
    }
  }
  const auto iterable = [this](const Node& clause) {
    std::vector<const Node*> right;
    for (const Node* child : clause.children) {
      if (child->field == "right" && child->kind != Kind::Token) right.push_back(child);
    }
    if (right.size() == 1) return iterate(evaluate(*right.front()), place(*right.front()));
    std::vector<Value> several;
    for (const Node* one : right) several.push_back(evaluate(*one));
    return iterate(tuple_of(std::move(several)), place(clause));
  };
  state->first = iterable(*state->clauses.front());
  state->frame.module = frame_->module;
  state->frame.scope = make_scope(Scope::Kind::Comprehension, frame_->scope);
  charge(sizeof(Scope), place(node));

  // Moves to the next combination of items for which all conditions hold.
  const auto advance = [this, iterable](Generator& it) {
    std::size_t at = it.started ? it.clauses.size() : 0;
    bool back = it.started;
    it.started = true;
    for (;;) {
      if (back) {
        if (it.loops.empty()) return false;
        while (it.clauses[at - 1]->kind != Kind::ForIn) --at;
        Generator::Loop& loop = it.loops.back();
        step(*loop.node);
        if (auto item = loop.next()) {
          if (auto why = may_be_absent(*item)) it.why = std::move(why);
          assign(*loop.node->child("left"), one_of(std::move(*item)));
          back = false;
        } else {
          it.loops.pop_back();
          --at;
        }
        continue;
      }
      if (at == it.clauses.size()) return true;
      const Node& clause = *it.clauses[at++];
      if (clause.kind == Kind::ForIn) {
        it.loops.push_back({&clause, at == 1 ? it.first : iterable(clause)});
        back = true;
      } else {
        const Node& condition = *clause.named().front();
        Why why;
        back = known_truth(evaluate(condition), place(condition), why) == false;
        if (why) it.why = std::move(why);
      }
    }
  };
  // What may not be there is made in a region, as is all that comes after it.
  const auto made = [this](Generator& it, const auto& make) {
    const auto region = it.why ? open_region(it.why) : nullptr;
    struct Closing {
      Interpreter& interpreter;
      const std::shared_ptr<Region>& region;
      ~Closing() {
        if (region) interpreter.close_region(region);
      }
    } const closing{*this, region};
    return make();
  };
  const auto each = [this, advance, made](Generator& it, const auto& take) {
    const Enter enter(*this, it.frame);
    while (made(it, [&] { return advance(it); })) {
      made(it, [&] {
        take();
        return true;
      });
    }
  };
  const auto one = [state](Value value) {
    return state->why ? rest_of(state->why) : std::move(value);
  };

  switch (node.kind) {
    case Kind::ListComprehension: {
      std::vector<Value> items;
      each(*state, [&] {
        charge(sizeof(Value), here_);
        items.push_back(one(evaluate(*state->node)));
      });
      return list_of(std::move(items));
    }
    case Kind::SetComprehension: {
      const Value set = set_of({});
      each(*state,
           [&] { add_item(*set.get_if<Set>(), one(evaluate(*state->node)), place(*state->node)); });
      return set;
    }
    case Kind::DictionaryComprehension: {
      const Value dict = dict_of({});
      each(*state, [&] {
        Value key = evaluate(*state->node->child("key"));
        Value value = evaluate(*state->node->child("value"));
        set_key(*dict.get_if<Dict>(), one(std::move(key)), std::move(value), place(*state->node));
      });
      return dict;
    }
    default:
      return iterator([this, state, advance, made, one]() -> std::optional<Value> {
        if (state->ended) return std::nullopt;
        const Enter enter(*this, state->frame);
        const Deeper deeper(*this, *state->node);
        if (made(*state, [&] { return advance(*state); })) {
          return made(*state, [&] { return one(evaluate(*state->node)); });
        }
        state->ended = true;
        return std::nullopt;
      });
  }
}

std::vector<Value> Interpreter::items(const Value& value, const Place& place) {
  const Value& plain = unwrapped(value);
  if (const auto* why = value.get_if<Why>()) need(*why, place);
  if (const auto* list = plain.get_if<List>()) {
    charge((*list)->size() * sizeof(Value), place);
    return **list;
  }
  if (const auto* tuple = plain.get_if<Tuple>()) return *tuple->items;
  if (const auto* set = plain.get_if<Set>()) return *set->items;
  if (const auto* dict = plain.get_if<Dict>()) {
    std::vector<Value> keys;
    keys.reserve((*dict)->size());
    for (const auto& [key, item] : **dict) keys.push_back(key);
    return keys;
  }
  if (const auto* text = plain.get_if<std::string>()) {
    std::vector<Value> characters;
    charge(text->size() * sizeof(Value), place);
    for (std::size_t at = 0; at < text->size();) {
      std::size_t end = at + 1;
      while (end < text->size() && (static_cast<unsigned char>((*text)[end]) & 0xC0U) == 0x80U)
        ++end;
      characters.emplace_back(text->substr(at, end - at));
      at = end;
    }
    return characters;
  }
  if (const auto* bytes = plain.get_if<Bytes>()) {
    std::vector<Value> numbers;
    charge(bytes->data.size() * sizeof(Value), place);
    for (const char c : bytes->data) {
      numbers.emplace_back(static_cast<std::int64_t>(static_cast<unsigned char>(c)));
    }
    return numbers;
  }
  if (const auto* instance = value.get_if<std::shared_ptr<Instance>>()) {
    if ((*instance)->next) {
      std::vector<Value> all;
      while (auto item = (*instance)->next()) {
        step(place);
        charge(sizeof(Value), place);
        all.push_back(std::move(*item));
      }
      return all;
    }
    if (const auto method = find(value, "__iter__", place)) {
      return items(call(*method, {}, place), place);
    }
  }
  if (const auto* type = value.get_if<std::shared_ptr<Class>>(); type && (*type)->is_enum) {
    return (*type)->members;
  }
  if (is_symbolic(value)) {
    if (auto answer = host_.items(value, place)) return std::move(*answer);
    if (const Why why = unknown_of(value, place)) need(why, place);
    refuse(place,
           fmt::format("cannot tell the items of `{}` without running the app", describe(value)));
  }
  raise("TypeError", fmt::format("'{}' object is not iterable", type_name(value)), place);
}

}  // namespace driftd::python
