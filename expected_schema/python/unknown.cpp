#include "expected_schema/python/unknown.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {
namespace {

constexpr std::size_t most_items = 10000;

std::string hint_of(const Unknown& unknown) {
  if (!unknown.hint.empty()) return unknown.hint;
  return "What a migration does to the schema must not depend on it: write it so that it does the "
         "same on every database.";
}

/// Of a value that is one of two texts: both, as statements one after the other. What a text may do
/// to a schema is all that is asked of one that is not known.
std::optional<std::string> either_text(const std::optional<Value>& before, const Value& after) {
  const auto text = [](const Value& value) -> std::optional<std::string> {
    if (const std::string* known = as_text(value)) return *known;
    return value.unknown() == nullptr ? std::nullopt : value.unknown()->text;
  };
  const auto second = text(after);
  if (!second || !before) return second;
  const auto first = text(*before);
  if (!first || first->size() + second->size() > 100'000) return std::nullopt;
  return *first == *second ? first : *first + ";\n" + *second;
}

}  // namespace

Needed::Needed(Why why, const void* frame, const Place& place)
    : Error(Reason::NotUnderstood,
            fmt::format("{} is known only when the application runs", why->what), hint_of(*why),
            place),
      why_(std::move(why)),
      frame_(frame) {}

Value derived(const Why& from, std::optional<std::string> text) {
  Unknown made = *from;
  made.text = std::move(text);
  made.rest = false;
  return std::make_shared<const Unknown>(std::move(made));
}

Value rest_of(const Why& from) {
  Unknown made = *from;
  made.text.reset();
  made.rest = true;
  return std::make_shared<const Unknown>(std::move(made));
}

Value one_of(Value item) {
  const auto* why = item.get_if<Why>();
  return why != nullptr && (*why)->rest ? derived(*why) : std::move(item);
}

Why unknown_in(const Value& value, int depth) {
  if (const auto* why = value.get_if<Why>()) return *why;
  if (depth == 0) return nullptr;
  const auto among = [&](const auto& items) -> Why {
    std::size_t left = most_items;
    for (const Value& item : items) {
      if (left-- == 0) break;
      if (auto why = unknown_in(item, depth - 1)) return why;
    }
    return nullptr;
  };
  const auto inside = [&](const std::shared_ptr<Value>& part) {
    return part ? unknown_in(*part, depth) : nullptr;
  };
  if (const auto* list = value.get_if<List>()) return among(**list);
  if (const auto* tuple = value.get_if<Tuple>()) return among(*tuple->items);
  if (const auto* set = value.get_if<Set>()) return among(*set->items);
  if (const auto* dict = value.get_if<Dict>()) {
    std::size_t left = most_items;
    for (const auto& [key, item] : **dict) {
      if (left-- == 0) break;
      if (auto why = unknown_in(key, depth - 1)) return why;
      if (auto why = unknown_in(item, depth - 1)) return why;
    }
    return nullptr;
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const Attribute>>()) {
    return inside((*attribute)->object);
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const Operation>>()) {
    if (auto why = inside((*operation)->left)) return why;
    return inside((*operation)->right);
  }
  if (const Term* term = value.term()) {
    if (auto why = inside(term->object)) return why;
    if (auto why = among(term->arguments.positional)) return why;
    for (const auto& [name, item] : term->arguments.keyword) {
      if (auto why = unknown_in(item, depth - 1)) return why;
    }
  }
  return nullptr;
}

Why may_be_absent(const Value& item) {
  if (const auto* why = item.get_if<Why>()) return (*why)->rest ? *why : nullptr;
  if (const auto* tuple = item.get_if<Tuple>()) {  // of enumerate() and zip()
    for (const Value& part : *tuple->items) {
      if (auto why = may_be_absent(part)) return why;
    }
  }
  return nullptr;
}

std::string with_unknown_parts(const std::string& pattern, bool percent) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == c;
    if (percent && c == '%') {
      if (!doubled) {
        std::size_t end = i + 1;
        if (end < pattern.size() && pattern[end] == '(') end = pattern.find(')', end);
        end = end == std::string::npos ? end : pattern.find_first_of("sdirfFeEgGxXou", end);
        result += "$1";
        i = std::min(end, pattern.size());
        continue;
      }
      ++i;
    } else if (!percent && (c == '{' || c == '}')) {
      if (!doubled) {
        result += "$1";
        i = std::min(pattern.find('}', i), pattern.size());
        continue;
      }
      ++i;
    }
    result += c;
  }
  return result;
}

std::size_t size_of(const Value& container) {
  const Value& plain = unwrapped(container);
  if (const auto* dict = plain.get_if<Dict>()) return (*dict)->size();
  if (const auto* list = plain.get_if<List>()) return (*list)->size();
  const auto* set = plain.get_if<Set>();
  return set == nullptr ? 0 : set->items->size();
}

void blur(const Value& container, std::size_t kept, const Why& why) {
  const Value rest = rest_of(why);
  const Value& plain = unwrapped(container);
  if (const auto* dict = plain.get_if<Dict>()) {
    if ((*dict)->size() > kept) (*dict)->resize(kept);
    // A key that was there may have another value now.
    for (auto& [key, item] : **dict) item = derived(why);
    (*dict)->emplace_back(rest, derived(why));
    return;
  }
  const auto* list = plain.get_if<List>();
  const auto* set = plain.get_if<Set>();
  if (list == nullptr && set == nullptr) return;
  std::vector<Value>& items = list != nullptr ? **list : *set->items;
  if (items.size() > kept) items.resize(kept);
  items.push_back(rest);
}

void Region::blur() const {
  for (const auto& [key, name] : names) {
    const auto found = name.scope->names.find(key.second);
    if (found != name.scope->names.end()) {
      found->second.value = derived(why, either_text(name.before, found->second.value));
    } else {
      // A name that was deleted may still be there.
      name.scope->names[key.second] = {derived(why), why->place, nullptr};
    }
  }
  for (const auto& [identity, container] : containers) {
    python::blur(container.value, container.kept, why);
  }
  for (const auto& [object, name] : attributes) {
    if (const auto* instance = object.get_if<std::shared_ptr<Instance>>()) {
      (*instance)->set(name, derived(why));
    } else if (const auto* type = object.get_if<std::shared_ptr<Class>>()) {
      (*type)->set(name, derived(why));
    } else if (const auto* module = object.get_if<std::shared_ptr<Module>>()) {
      (*module)->scope->names[name] = {derived(why), why->place, nullptr};
    } else if (const auto* function = object.get_if<std::shared_ptr<Function>>();
               function != nullptr && (*function)->attributes) {
      (*(*function)->attributes)[name] = derived(why);
    }
  }
}

}  // namespace driftd::python
