import { api } from "@desk/backend/api";

console.log(api);
