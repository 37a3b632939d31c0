/** The tools that the suite calls, by the names it knows. The first one must take no arguments. */
import { tool, type Tools } from "../../../src/registry/tools";
import type { Permission } from "./permissions";
import { internal } from "./server";

const { asking, forms, long, schemas, short, toggles } = internal;

const reads = { permission: "fixture:read" } as const;
const asks = { ...reads, input: true } as const;
const runs = { permission: "fixture:run", destructive: false, idempotent: false } as const;

// prettier-ignore
export const tools: Tools<Permission> = {
  test_simple_text: () => tool.query(short.simpleText, { ...reads, description: "Answer with text." }),
  test_image_content: () => tool.query(short.imageContent, { ...reads, description: "Answer with an image." }),
  test_audio_content: () => tool.query(short.audioContent, { ...reads, description: "Answer with audio." }),
  test_embedded_resource: () => tool.query(short.embeddedResource, { ...reads, description: "Answer with an embedded resource." }),
  test_multiple_content_types: () => tool.query(short.multipleTypes, { ...reads, description: "Answer with text, an image and a resource." }),
  test_error_handling: () => tool.query(short.fail, { ...reads, description: "Fail." }),
  test_tool_with_progress: () => tool.action(long.withProgress, { ...runs, job: true, description: "Report progress." }),
  test_tool_with_logging: () => tool.action(long.withLogging, { ...runs, job: true, description: "Send log messages." }),
  test_logging_tool: () => tool.action(long.withLogging, { ...runs, job: true, description: "Send log messages, to those who ask for them." }),
  test_sampling: () => tool.query(forms.sample, { ...asks, description: "Ask the client's model." }),
  test_elicitation: () => tool.query(forms.elicit, { ...asks, description: "Ask the user." }),
  test_elicitation_sep1034_defaults: () => tool.query(forms.defaults, { ...asks, description: "Ask with defaults." }),
  test_elicitation_sep1330_enums: () => tool.query(forms.enums, { ...asks, description: "Ask for choices." }),
  test_streaming_elicitation: () => tool.query(asking.userName, { ...asks, description: "Ask the user." }),
  test_missing_capability: () => tool.query(asking.needsSampling, { ...asks, description: "Ask for what not every client can do." }),
  test_input_required_result_elicitation: () => tool.query(asking.userName, { ...asks, description: "Ask the user." }),
  test_input_required_result_sampling: () => tool.query(asking.capital, { ...asks, description: "Ask the model." }),
  test_input_required_result_list_roots: () => tool.query(asking.clientRoots, { ...asks, description: "Ask for roots." }),
  test_input_required_result_request_state: () => tool.mutation(asking.confirmed, { ...runs, input: true, description: "Ask, with state." }),
  test_input_required_result_tampered_state: () => tool.mutation(asking.confirmed, { ...runs, input: true, description: "Ask, with state." }),
  test_input_required_result_multiple_inputs: () => tool.query(asking.several, { ...asks, description: "Ask for everything." }),
  test_input_required_result_multi_round: () => tool.query(asking.rounds, { ...asks, description: "Ask twice." }),
  test_input_required_result_capabilities: () => tool.query(asking.whatItCan, { ...asks, description: "Ask for what the client can do." }),
  test_x_mcp_header: () => tool.query(schemas.region, { ...reads, headers: { region: "Region" }, description: "Take an argument that a header repeats." }),
  json_schema_2020_12_tool: () => tool.query(schemas.contact, { ...reads, description: "Take what JSON Schema 2020-12 can say." }),
  greet: () => tool.query(short.greet, { ...reads, description: "Greet somebody." }),
  slow_compute: () => tool.action(long.slowCompute, { ...runs, job: true, description: "Take some seconds." }),
  failing_job: () => tool.action(long.failingJob, { ...runs, taskOnly: true, description: "Fail as a job." }),
  confirm_delete: () => tool.action(long.confirmDelete, { ...runs, input: true, description: "Ask as a job." }),
  multi_input: () => tool.action(long.multiInput, { ...runs, input: true, description: "Ask two things as a job." }),
  test_tool_with_task: () => tool.action(long.greetLater, { ...runs, input: true, precheck: long.nameKnown, description: "Ask, then run as a job." }),
  protocol_error_job: () => tool.action(long.protocolErrorJob, { ...runs, description: "Break as a job." }),
  test_trigger_tool_change: () => tool.mutation(toggles.tools, { ...runs, principal: true, description: "Add a tool to the list, or take it out." }),
  test_trigger_prompt_change: () => tool.mutation(toggles.prompts, { ...runs, principal: true, description: "Add a prompt to the list, or take it out." }),
  test_extra_tool: () => tool.query(short.simpleText, { permission: "fixture:extra_tool", description: "Answer with text, now and then." }),
};
