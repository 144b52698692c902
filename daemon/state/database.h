#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace driftd::state {

using Cell = std::variant<std::int64_t, std::string>;

/// A file of SQLite, as driftd lays it out. Throws Error{Internal} with SQLite's words for every
/// failure; one that was thrown leaves the file as it was.
class Database {
 public:
  enum class Mode { ReadWrite, ReadOnly };

  /// ReadWrite makes the file, and its tables, where they are not there yet. Refuses a file of a
  /// newer driftd.
  Database(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  using Row = std::vector<std::string>;  ///< NULL is empty
  std::vector<Row> query(const std::string& sql, const std::vector<Cell>& values = {});
  void run(const std::string& sql, const std::vector<Cell>& values = {}) { query(sql, values); }
  /// Of the file's tables; a file that is only read may be older than this driftd.
  int layout();
  /// All of it, or nothing.
  void together(const std::function<void()>& work);

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd::state
