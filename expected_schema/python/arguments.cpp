#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

Arguments Interpreter::evaluate_arguments(const Node& list) {
  Arguments arguments;
  if (list.kind == Kind::Generator) {
    arguments.positional.push_back(comprehension(list));
    return arguments;
  }
  for (const Node* child : list.children) {
    const Node* item = child;
    while (item->kind == Kind::Parenthesized && item->named().size() == 1 &&
           item->named().front()->kind == Kind::ListSplat) {
      item = item->named().front();
    }
    switch (item->kind) {
      case Kind::Token:
        break;
      case Kind::ListSplat: {
        const Value spread = evaluate(*item->named().front());
        if (const auto* why = spread.get_if<Why>()) {
          arguments.positional.push_back(rest_of(*why));
          break;
        }
        for (Value& value : items(spread, place(*item))) {
          arguments.positional.push_back(std::move(value));
        }
        break;
      }
      case Kind::DictionarySplat: {
        const Value spread = evaluate(*item->named().front());
        const auto* dict = unwrapped(spread).get_if<Dict>();
        if (const auto* why = spread.get_if<Why>()) {
          arguments.keyword.emplace_back("**", rest_of(*why));
          break;
        }
        if (dict == nullptr) {
          refuse(place(*item), fmt::format("cannot tell the items of `{}`", describe(spread)));
        }
        for (const auto& [key, value] : **dict) {
          const std::string* name = as_text(key);
          if (const auto* why = key.get_if<Why>()) {
            if (arguments.find("**") == nullptr)
              arguments.keyword.emplace_back("**", rest_of(*why));
            continue;
          }
          if (name == nullptr) raise("TypeError", "keywords must be strings", place(*item));
          if (arguments.find(*name) != nullptr) {
            raise("TypeError", fmt::format("got multiple values for keyword argument '{}'", *name),
                  place(*item));
          }
          arguments.keyword.emplace_back(*name, value);
        }
        break;
      }
      case Kind::KeywordArgument: {
        std::string name(source(*item->child("name")));
        if (arguments.find(name) != nullptr) {
          raise("TypeError", fmt::format("got multiple values for keyword argument '{}'", name),
                place(*item));
        }
        Value value = evaluate(*item->child("value"));
        arguments.keyword.emplace_back(std::move(name), std::move(value));
        break;
      }
      default:
        arguments.positional.push_back(evaluate(*item));
    }
  }
  charge((arguments.positional.size() + arguments.keyword.size()) * sizeof(Value), place(list));
  return arguments;
}

std::vector<Parameter> Interpreter::parameters(const Node& node) {
  std::vector<Parameter> result;
  bool keyword_only = false;
  const auto add = [&](std::string_view name, std::optional<Value> fallback) {
    result.push_back({std::string(name),
                      keyword_only ? Parameter::Kind::KeywordOnly : Parameter::Kind::Normal,
                      std::move(fallback)});
  };
  const auto add_rest = [&](const Node& splat) {
    const bool keywords = splat.kind == Kind::DictionarySplatPattern;
    result.push_back({std::string(source(*splat.named().front())),
                      keywords ? Parameter::Kind::KeywordRest : Parameter::Kind::Rest,
                      std::nullopt});
    keyword_only = true;
  };
  for (const Node* child : node.children) {
    switch (child->kind) {
      case Kind::Token:
        break;
      case Kind::Identifier:
        add(source(*child), std::nullopt);
        break;
      case Kind::DefaultParameter:
      case Kind::TypedDefaultParameter:
        if (child->child("name")->kind != Kind::Identifier) {
          refuse(place(*child), "a tuple as parameter is not supported");
        }
        add(source(*child->child("name")), evaluate(*child->child("value")));
        break;
      case Kind::TypedParameter: {
        const Node& inner = *child->children.front();
        if (inner.kind == Kind::Identifier) {
          add(source(inner), std::nullopt);
        } else {
          add_rest(inner);
        }
        break;
      }
      case Kind::ListSplatPattern:
      case Kind::DictionarySplatPattern:
        add_rest(*child);
        break;
      case Kind::KeywordSeparator:
        keyword_only = true;
        break;
      case Kind::PositionalSeparator:
        for (Parameter& before : result) before.kind = Parameter::Kind::PositionalOnly;
        break;
      default:
        refuse(place(*child), fmt::format("the parameter `{}` is not supported", source(*child)));
    }
  }
  return result;
}

void Interpreter::bind_parameters(const Function& function, Arguments arguments, Scope& scope,
                                  const Place& place) {
  using enum Parameter::Kind;
  for (const Value& value : arguments.positional) {
    if (const Why why = may_be_absent(value); why && value.unknown() != nullptr) need(why, place);
  }
  if (const Value* spread = arguments.find("**")) need(unknown_in(*spread), place);
  std::size_t at = 0;
  std::vector<bool> used(arguments.keyword.size());
  const auto keyword = [&](const std::string& name) -> Value* {
    for (std::size_t i = 0; i < arguments.keyword.size(); ++i) {
      if (arguments.keyword[i].first == name && !used[i]) {
        used[i] = true;
        return &arguments.keyword[i].second;
      }
    }
    return nullptr;
  };
  const auto bound = [&](const std::string& name, Value value) {
    scope.names[name] = {std::move(value), place, nullptr};
  };
  const Parameter* rest = nullptr;
  std::vector<std::string> missing;
  for (const Parameter& parameter : function.parameters) {
    if (parameter.kind == KeywordRest) {
      rest = &parameter;
    } else if (parameter.kind == Rest) {
      std::vector<Value> others;
      while (at < arguments.positional.size()) {
        others.push_back(std::move(arguments.positional[at++]));
      }
      bound(parameter.name, tuple_of(std::move(others)));
    } else if (parameter.kind != KeywordOnly && at < arguments.positional.size()) {
      bound(parameter.name, std::move(arguments.positional[at++]));
      if (parameter.kind == Normal && keyword(parameter.name) != nullptr) {
        raise("TypeError",
              fmt::format("{}() got multiple values for argument '{}'", function.name,
                          parameter.name),
              place);
      }
    } else if (Value* given =
                   parameter.kind == PositionalOnly ? nullptr : keyword(parameter.name)) {
      bound(parameter.name, std::move(*given));
    } else if (parameter.fallback) {
      bound(parameter.name, *parameter.fallback);
    } else {
      missing.push_back("'" + parameter.name + "'");
    }
  }
  if (!missing.empty()) {
    raise("TypeError",
          fmt::format("{}() missing {} required argument{}: {}", function.name, missing.size(),
                      missing.size() > 1 ? "s" : "", fmt::join(missing, ", ")),
          place);
  }
  if (at < arguments.positional.size()) {
    const auto takes = std::count_if(
        function.parameters.begin(), function.parameters.end(),
        [](const Parameter& one) { return one.kind == Normal || one.kind == PositionalOnly; });
    raise("TypeError",
          fmt::format("{}() takes {} positional argument{} but {} were given", function.name, takes,
                      takes == 1 ? "" : "s", arguments.positional.size()),
          place);
  }
  std::vector<std::pair<Value, Value>> others;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    if (rest == nullptr) {
      raise("TypeError",
            fmt::format("{}() got an unexpected keyword argument '{}'", function.name,
                        arguments.keyword[i].first),
            place);
    }
    others.emplace_back(Value(arguments.keyword[i].first), std::move(arguments.keyword[i].second));
  }
  if (rest != nullptr) bound(rest->name, dict_of(std::move(others)));
}

}  // namespace driftd::python
