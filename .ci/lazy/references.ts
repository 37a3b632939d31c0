/** Rewrites what a module says, so that it calls the functions of other modules, and pays for no names. */
import ts from "typescript";
import type { Imported, Imports } from "./names";

const { factory } = ts;

/** Whether an identifier declares a variable, so that it may mean something else than what is imported. */
const declares = (self: ts.Node, { parent } = self): boolean =>
  (ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassLike(parent)) &&
  parent.name === self;

/** Whether an identifier is the name of a member, such as in `a.name`, `{ name: 1 }` and `const { name: own }`. */
const isMember = (self: ts.Node, { parent } = self): boolean =>
  ("name" in parent && parent.name === self) ||
  (ts.isBindingElement(parent) && parent.propertyName === self);

const call = ({ module, at }: Imported): ts.Expression =>
  factory.createElementAccessExpression(
    factory.createCallExpression(module, undefined, []),
    factory.createNumericLiteral(at),
  );

/** `(0, f)` stands where JavaScript gives a function no name. */
const nameless = (value: ts.Expression): ts.Expression =>
  ts.isArrowFunction(value) || (ts.isFunctionExpression(value) && value.name === undefined)
    ? factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), value),
      )
    : value;

/** Takes the name from a function that stands alone behind one. */
const withoutName = (node: ts.Node): ts.Node => {
  if (ts.isPropertyAssignment(node))
    return factory.updatePropertyAssignment(node, node.name, nameless(node.initializer));
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined)
    return factory.updateVariableDeclaration(
      ...([node, node.name, node.exclamationToken, node.type] as const),
      nameless(node.initializer),
    );
  if (ts.isParameter(node) && node.initializer !== undefined)
    return factory.updateParameterDeclaration(
      ...([node, node.modifiers, node.dotDotDotToken, node.name] as const),
      ...([node.questionToken, node.type, nameless(node.initializer)] as const),
    );
  if (ts.isBindingElement(node) && node.initializer !== undefined)
    return factory.updateBindingElement(
      ...([node, node.dotDotDotToken, node.propertyName, node.name] as const),
      nameless(node.initializer),
    );
  return node;
};

/**
 * Returns what rewrites a statement.
 *
 * @throws Error (what it returns) if a name that is imported means something else somewhere in the file, which is not looked into.
 */
export const referring = (
  { names }: Imports,
  keepsNames: boolean,
  context: ts.TransformationContext,
): ((statement: ts.Statement) => ts.Statement) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return node;
    if (ts.isShorthandPropertyAssignment(node)) {
      const found = names.get(node.name.text);
      return found === undefined ? node : factory.createPropertyAssignment(node.name, call(found));
    }
    if (ts.isIdentifier(node)) {
      const found = names.get(node.text);
      if (found === undefined) return node;
      if (declares(node))
        throw new Error(`${node.getSourceFile().fileName}: ${node.text} hides an import`);
      return isMember(node) ? node : ts.setTextRange(call(found), node);
    }
    const visited = ts.visitEachChild(node, visit, context);
    return keepsNames ? visited : withoutName(visited);
  };
  return (statement) => ts.visitNode(statement, visit) as ts.Statement;
};
