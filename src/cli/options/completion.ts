// Completions are made from the same definition as the help, once, when the script is printed: a shell that asked the
// command at each Tab would wait a second each time.
import type { Option } from "commander";
import { z } from "zod";
import { FLAG_FIELDS } from "../../options/index.js";
import { defineCommand, PROGRAMS } from "./define-command.js";
import { flagOf, SHELLS } from "./option-values.js";

type Shell = (typeof SHELLS)[number];

/** What can be typed. */
interface Completed {
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  readonly flags: readonly {
    readonly name: string;
    readonly help: string;
    readonly isFolder: boolean;
    readonly takesValue: boolean;
    /** The values that it may have; empty if they cannot be listed. */
    readonly values: readonly string[];
  }[];
}

/** The script that completes the command in a shell. */
export function completionScript(shell: Shell): string {
  const command = defineCommand("");
  return WRITERS[shell]({
    commands: command.commands.map((named) => ({ name: named.name(), help: named.description() })),
    flags: command.options.map((option) => ({
      name: option.long ?? option.flags,
      help: option.description,
      isFolder: option.flags.endsWith("<folder>"),
      takesValue: option.required,
      values: valuesOf(option),
    })),
  });
}

function valuesOf({ long }: Option): readonly string[] {
  if (long === "--resume") {
    return ["approve", "reject"];
  }
  const field = FLAG_FIELDS.find(({ name }) => flagOf(name) === long);
  const { enum: values = [] } = z
    .looseObject({ enum: z.array(z.string()).optional() })
    .parse(field === undefined ? {} : z.toJSONSchema(field.type));
  return values;
}

const WRITERS: Readonly<Record<Shell, (completed: Completed) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

function writeBash({ commands, flags }: Completed): string {
  const listed = flags.filter(({ values }) => values.length > 0);
  const cases = [
    ...listed.map(({ name, values }) => `    ${name}) words="${values.join(" ")}" ;;`),
    ...flags.flatMap(({ name, isFolder }) =>
      isFolder ? [`    ${name}) COMPREPLY=($(compgen -d -- "$current")); return ;;`] : [],
    ),
    `    completion) words="${SHELLS.join(" ")}" ;;`,
  ];
  return `# Completions of ${PROGRAMS[0]} for bash: ${PROGRAMS[0]} completion bash >> ~/.bashrc
_plan_execute() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
${cases.join("\n")}
  esac
  if [[ -z $words && $current == -* ]]; then
    words="${flags.map(({ name }) => name).join(" ")} --help"
  elif [[ -z $words && $COMP_CWORD -eq 1 ]]; then
    words="${commands.map(({ name }) => name).join(" ")}"
  fi
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _plan_execute ${PROGRAMS.join(" ")}
`;
}

function writeZsh({ commands, flags }: Completed): string {
  const describe = (name: string, help: string) => `    ${quote(`${name}:${help}`)}`;
  const cases = flags.flatMap(({ name, values, isFolder }) => {
    if (isFolder) {
      return [`    ${name}) _files -/; return ;;`];
    }
    return values.length === 0 ? [] : [`    ${name}) compadd ${values.join(" ")}; return ;;`];
  });
  return `# Completions of ${PROGRAMS[0]} for zsh, after compinit: ${PROGRAMS[0]} completion zsh >> ~/.zshrc
_plan_execute() {
  local -a commands flags
  commands=(
${commands.map(({ name, help }) => describe(name, help)).join("\n")}
  )
  flags=(
${flags.map(({ name, help }) => describe(name, help)).join("\n")}
  )
  case \${words[CURRENT-1]} in
${cases.join("\n")}
    completion) compadd ${SHELLS.join(" ")}; return ;;
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o flag flags
  elif (( CURRENT == 2 )); then
    _describe command commands
  else
    _files
  fi
}
compdef _plan_execute ${PROGRAMS.join(" ")}
`;
}

function writeFish({ commands, flags }: Completed): string {
  const lines = PROGRAMS.flatMap((program) => [
    ...commands.map(
      ({ name, help }) => `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d ${quote(help)}`,
    ),
    `complete -c ${program} -f -n '__fish_seen_subcommand_from completion' -a '${SHELLS.join(" ")}'`,
    ...flags.map(({ name, help, takesValue, isFolder, values }) => {
      const choices = values.length === 0 ? "" : ` -a ${quote(values.join(" "))}`;
      const value = takesValue ? ` -r${isFolder ? "" : " -f"}${choices}` : "";
      return `complete -c ${program} -l ${name.replace(/^--/, "")}${value} -d ${quote(help)}`;
    }),
  ]);
  const where = "~/.config/fish/completions";
  return `# Completions of ${PROGRAMS[0]} for fish: ${PROGRAMS[0]} completion fish > ${where}/${PROGRAMS[0]}.fish
${lines.join("\n")}
`;
}

/** Quotes a text for all three shells. An apostrophe becomes a typographic one, which needs no escape. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "’").replaceAll("\\", "\\\\")}'`;
}
