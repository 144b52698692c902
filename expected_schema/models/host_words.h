#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "expected_schema/python/evaluator.h"

/// What the host's files share.
namespace driftd::models {

inline bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// Flask-SQLAlchemy's own object, by what makes it.
bool is_flask_path(std::string_view path);
/// What Flask-SQLAlchemy's object has of sqlalchemy.orm; all else is of sqlalchemy itself.
std::string path_in_sqlalchemy(const std::string& name);

}  // namespace driftd::models
