/** Names that stand beside their value: `{"name": "DB_PASSWORD", "value": "…"}`, as lists of variables and headers do. */

/** Names of members that only say that they hold a value: what it is called stands elsewhere. */
const valueNames = new Set(
  (
    'value Value VALUE val default Default defaultValue DefaultValue default_value currentValue current_value initialValue ' +
    'rawValue stringValue string_value plainValue plain_value optionValue OptionValue ParameterValue parameterValue ' +
    'paramValue fieldValue variableValue variable_value settingValue attributeValue AttributeValue headerValue plaintext ' +
    'answer number num S v'
  ).split(' '),
);

/** Names of members that hold the name of the value beside them. */
const labelNames = new Set(
  (
    'name Name NAME key Key KEY variable variableName variable_name var env envVar header headerName field fieldName ' +
    'param parameter ParameterKey ParameterName parameterName paramName OptionName optionName setting property ' +
    'propertyName attribute attributeName AttributeName label Label title question k'
  ).split(' '),
);

/** The same, where nothing better does: identifiers and types may be names too. */
const weakLabelNames = new Set(['id', 'Id', 'ID', 'type', 'Type', 'kind', 'system']);

/** How many members apart a label and its value may stand. */
export const mostApart = 8;
/** Longer strings are no names, in bytes. */
export const longestLabel = 128;

/** Whether a member's name only says that it holds a value. */
export function isValueName(name: string): boolean {
  return valueNames.has(name);
}

/** How well a member's name says that it holds the name of a value beside it. */
export function labelStrength(name: string): 'strong' | 'weak' | 'none' {
  if (labelNames.has(name)) return 'strong';
  return weakLabelNames.has(name) ? 'weak' : 'none';
}

/** What stands around a value that may be its name. */
export interface Labels {
  /** The nearest label before it in its object, */
  readonly strong: string | undefined;
  /** the nearest string there that is one only where nothing better is, */
  readonly weak: string | undefined;
  /** and the name of the member that the object is. */
  readonly around: string | undefined;
}

/** What a value is called whose member has a {@link isValueName} name. */
export function labelled(name: string, { strong, weak, around }: Labels): string {
  if (strong !== undefined) return strong;
  // `{"adminPassword": {"type": "securestring", "value": …}}`: the last word of the two is the name.
  if (weak !== undefined && around !== undefined) return `${weak} ${around}`;
  return around ?? weak ?? name;
}
