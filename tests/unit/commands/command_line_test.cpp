#include "daemon/commands/command_line.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// Every test begins with an environment that says nothing.
class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() : folder_(fs::path(testing::TempDir()) / ("driftd_" + name())) {
    for (const char* variable :
         {"DRIFTD_CONFIG_FILE", "DRIFTD_DATABASE", "DATABASE_URL", "DRIFTD_MIGRATIONS",
          "DRIFTD_INTERVAL", "DRIFTD_WEB_LISTEN_ADDRESS", "DRIFTD_WEB_ENABLE_LIFECYCLE",
          "DRIFTD_LOG_LEVEL", "DRIFTD_LOG_FORMAT", "DRIFTD_FORMAT", "DRIFTD_FAIL_ON"}) {
      ::unsetenv(variable);
    }
    fs::create_directories(folder_ / "migrations");
  }
  ~CommandLineTest() override { fs::remove_all(folder_); }

  static std::string name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string migrations() const { return (folder_ / "migrations").string(); }
  std::string file(const std::string& text) const {
    std::ofstream(folder_ / "driftd.yaml") << text;
    return (folder_ / "driftd.yaml").string();
  }
  static Parsed parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "driftd");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    return parse_command_line(static_cast<int>(argv.size()), argv.data());
  }
  static Settings settings(std::vector<std::string> arguments) {
    const Parsed parsed = parse(std::move(arguments));
    EXPECT_TRUE(parsed.command_line.has_value());
    return effective_settings(parsed.command_line->overrides);
  }

 private:
  fs::path folder_;
};

TEST_F(CommandLineTest, ServesUnlessToldOtherwise) {
  EXPECT_EQ(parse({}).command_line->command, Command::Serve);
  EXPECT_EQ(parse({"serve"}).command_line->command, Command::Serve);
  const Parsed check = parse({"check", "--format", "json", "--fail-on", "harmless", "--no-color",
                              "--database", "dbname=a"});
  EXPECT_EQ(check.command_line->command, Command::Check);
  EXPECT_EQ(check.command_line->format, Format::Json);
  EXPECT_TRUE(check.command_line->no_color);
  EXPECT_EQ(check.command_line->fail_on, Impact::Harmless);
  EXPECT_EQ(check.command_line->overrides.database, "dbname=a");
  EXPECT_EQ(parse({"--database", "x", "check"}).command_line->fail_on, Impact::Risky);
}

TEST_F(CommandLineTest, MistakesOfUsageAreToldAndAreOne) {
  testing::internal::CaptureStderr();
  const Parsed parsed = parse({"check", "--databse", "x"});
  EXPECT_FALSE(parsed.command_line.has_value());
  EXPECT_EQ(parsed.exit_code, 1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("did you mean --database?"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"chekc"},
                                                {"check", "--format", "xml"},
                                                {"--log.level"},
                                                {"check", "serve"},
                                                {"--web.enable-lifecycle=maybe"},
                                                {"check", "--fail-on", "never"}}) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(parse(wrong).exit_code, 1) << wrong.front();
    EXPECT_FALSE(testing::internal::GetCapturedStderr().empty());
  }
}

TEST_F(CommandLineTest, HelpAndVersionAreResults) {
  for (const std::vector<std::string>& asked :
       {std::vector<std::string>{"--help"}, {"--version"}, {"check", "--help"}}) {
    testing::internal::CaptureStdout();
    const Parsed parsed = parse(asked);
    EXPECT_FALSE(parsed.command_line.has_value());
    EXPECT_EQ(parsed.exit_code, 0);
    EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("driftd"));
  }
}

TEST_F(CommandLineTest, ADatabaseAndMigrationsAreEnough) {
  const Settings result = settings({"--database", "postgresql+asyncpg://u@db/app", "--migrations",
                                    migrations(), "--interval", "7s"});
  ASSERT_EQ(result.databases.size(), 1U);
  EXPECT_EQ(result.databases[0].endpoint.conninfo, "postgresql://u@db/app");
  EXPECT_EQ(result.databases[0].history.path, migrations());
  EXPECT_EQ(result.databases[0].interval, std::chrono::seconds(7));
}

TEST_F(CommandLineTest, FlagsBeatTheEnvironmentBeatsTheFile) {
  const std::string path = file(
      "databases: [{name: app, database: dbname=from_file, migrations: migrations}]\n"
      "web: {listen: [':1', ':2']}\n"
      "log: {level: warn, format: json}\n");
  ::setenv("DRIFTD_CONFIG_FILE", path.c_str(), 1);
  ::setenv("DRIFTD_LOG_LEVEL", "debug", 1);
  ::setenv("DRIFTD_DATABASE", "dbname=from_environment", 1);
  ::setenv("DRIFTD_WEB_LISTEN_ADDRESS", ":3,:4", 1);
  Settings result = settings({});
  EXPECT_EQ(result.databases.at(0).endpoint.conninfo, "dbname=from_environment");
  EXPECT_EQ(result.databases.at(0).name, "app");
  EXPECT_EQ(result.log.level, "debug");
  EXPECT_EQ(result.log.format, "json");
  EXPECT_THAT(result.web.listen, testing::ElementsAre(":3", ":4"));
  result = settings({"--database", "dbname=from_flag", "--log.level", "error",
                     "--web.listen-address", ":5", "--web.listen-address", ":6", "serve"});
  EXPECT_EQ(result.databases.at(0).endpoint.conninfo, "dbname=from_flag");
  EXPECT_EQ(result.log.level, "error");
  EXPECT_THAT(result.web.listen, testing::ElementsAre(":5", ":6"));
}

TEST_F(CommandLineTest, TheLifecycleMayBeTurnedOnAndOff) {
  const std::vector<std::string> base{"--database", "dbname=a", "--migrations", migrations()};
  const auto with = [&](const std::string& flag) {
    auto arguments = base;
    arguments.push_back(flag);
    return settings(arguments).web.enable_lifecycle;
  };
  EXPECT_FALSE(settings(base).web.enable_lifecycle);
  EXPECT_TRUE(with("--web.enable-lifecycle"));
  ::setenv("DRIFTD_WEB_ENABLE_LIFECYCLE", "true", 1);
  EXPECT_TRUE(settings(base).web.enable_lifecycle);
  EXPECT_FALSE(with("--web.enable-lifecycle=false"));
}

TEST_F(CommandLineTest, WhatIsMissingIsNamed) {
  const auto refusal = [&](std::vector<std::string> arguments) {
    try {
      settings(std::move(arguments));
    } catch (const Error& e) {
      return e.message();
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal({}), HasSubstr("no database"));
  EXPECT_THAT(refusal({"--database", "host=db dbname=app user=u password=hunter2"}),
              testing::AllOf(HasSubstr("has no migrations"), testing::Not(HasSubstr("hunter2"))));
  EXPECT_THAT(refusal({"--database", "dbname=a", "--migrations", "/nowhere"}),
              HasSubstr("cannot find /nowhere"));
  EXPECT_THAT(refusal({"--config.file", "/nowhere.yaml"}), HasSubstr("/nowhere.yaml"));
  const std::string empty = file("");
  EXPECT_THAT(refusal({"--config.file", empty}), HasSubstr(empty + " names no database"));
  EXPECT_THAT(refusal({"--config.file",
                       file("databases: [{name: a, migrations: .}, {name: b, migrations: .}]"),
                       "--database", "dbname=x"}),
              HasSubstr("which of the 2 databases"));
  EXPECT_THAT(refusal({"--database", "dbname=a", "--migrations", migrations(), "--interval", "3"}),
              HasSubstr("the unit is missing"));
}

}  // namespace
}  // namespace driftd
