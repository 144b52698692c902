// tests/settings is a truth table: each file of valid/ loads, and printing what was loaded gives
// its .out; each of invalid/ is refused with the words of its .error. UPDATE_GOLDEN=1 rewrites.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/settings/settings.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

const fs::path table = fs::path(DRIFTD_SOURCE_DIR) / "tests" / "settings";

std::string without_folder(std::string text, const fs::path& folder) {
  const std::string prefix = folder.string();
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    text.replace(at, prefix.size(), ".");
  }
  return text;
}

void expect_golden(const fs::path& file, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << text;
  EXPECT_EQ(text, fs::exists(file) ? read_file(file.string()) : "(no such file)") << file;
}

class TruthTable : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override {
    ::setenv("DRIFTD_TEST_NAME", "from the environment", 1);
    ::unsetenv("DRIFTD_TEST_UNSET");
    ::unsetenv("DRIFTD_DATABASE");
    ::unsetenv("DATABASE_URL");
  }
};

TEST_P(TruthTable, Holds) {
  fs::path file = GetParam();
  const fs::path folder = file.parent_path();
  const auto load = [&] {
    return parse_settings(read_file(file.string()), file.filename().string(), folder.string());
  };
  if (folder.filename() == "valid") {
    const std::string printed = print_settings(load());
    EXPECT_EQ(printed.find("secret@"), std::string::npos);
    EXPECT_EQ(printed.find("se cret"), std::string::npos);
    expect_golden(file.replace_extension(".out"), without_folder(printed, folder));
  } else {
    try {
      load();
      FAIL() << file << " was accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.reason(), Reason::Settings);
      EXPECT_EQ(std::string(e.what()).find("hunter2"), std::string::npos);
      expect_golden(file.replace_extension(".error"),
                    without_folder(std::string(e.what()) + "\n", folder));
    }
  }
}

std::vector<fs::path> all_files() {
  std::vector<fs::path> files;
  for (const char* folder : {"valid", "invalid"}) {
    for (const auto& entry : fs::directory_iterator(table / folder)) {
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Settings, TruthTable, testing::ValuesIn(all_files()),
                         [](const testing::TestParamInfo<fs::path>& file) {
                           return file.param.parent_path().filename().string() + "_" +
                                  file.param.stem().string();
                         });

TEST(Settings, PrintingIsReadBackAsItWas) {
  ::setenv("DRIFTD_TEST_NAME", "a \"b\" \\ ${x} \n\x01 ä", 1);
  const Settings settings = parse_settings(
      "databases: [{name: \"${DRIFTD_TEST_NAME}\", database: dbname=a, migrations: ., "
      "jitter: 0.25, exclude_schemas: [\"a, b\", '']}]",
      "test", table.string());
  const std::string printed = print_settings(settings);
  EXPECT_EQ(print_settings(parse_settings(printed, "printed", table.string())), printed);
  EXPECT_EQ(parse_settings(printed, "printed", table.string()).databases.at(0).name,
            settings.databases.at(0).name);
}

TEST(Settings, ADatabaseWithoutAConnectionTakesTheEnvironments) {
  const std::string text = "databases: [{migrations: .}]";
  ::setenv("DATABASE_URL", "postgresql://second/app", 1);
  EXPECT_NE(parse_settings(text, "t", ".").databases.at(0).endpoint.conninfo.find("second"),
            std::string::npos);
  ::setenv("DRIFTD_DATABASE", "postgresql://first/app", 1);
  EXPECT_NE(parse_settings(text, "t", ".").databases.at(0).endpoint.conninfo.find("first"),
            std::string::npos);
  ::unsetenv("DRIFTD_DATABASE");
  ::unsetenv("DATABASE_URL");
}

TEST(Settings, AliasesOfAliasesDoNotGrow) {
  std::string text = "a: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) {
      text += (k > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    }
    text += "]\n";
  }
  text += "defaults: {schemas: *a39}\n";
  EXPECT_THROW(parse_settings(text, "t", "."), Error);
}

TEST(Settings, DeepNestingIsRefused) {
  EXPECT_THROW(parse_settings(std::string(200'000, '['), "t", "."), Error);
}

}  // namespace
}  // namespace driftd
