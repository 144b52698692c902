#pragma once

#include <string>
#include <string_view>

#include "daemon/publish/publish.h"

namespace driftd {

/// Bytes from a database are shown, never obeyed: no control sequence reaches the terminal.
std::string shown(std::string_view bytes);

/// Collects the lines of a text for a person.
class Writer {
 public:
  explicit Writer(const TerminalStyle& style) : style_(style) {}

  std::string bold(std::string_view text) const { return dressed("1", text); }
  std::string dim(std::string_view text) const { return dressed("2", text); }
  std::string red(std::string_view text) const { return dressed("31", text); }
  std::string green(std::string_view text) const { return dressed("32", text); }
  std::string cyan(std::string_view text) const { return dressed("36", text); }
  std::string impact(Impact impact) const;
  std::string status(const Published& published) const;
  /// `0042 (versions/0042.py:14)`.
  std::string revision(const Provenance& by) const;

  void line(std::string_view text = {}) {
    text_ += text;
    text_ += '\n';
  }

  std::string text() && { return std::move(text_); }

 private:
  std::string dressed(std::string_view code, std::string_view text) const;

  TerminalStyle style_;
  std::string text_;
};

}  // namespace driftd
