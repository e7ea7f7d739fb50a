// Runs Lua of Argo CD resource customizations with Argo CD's own machine for it: cases as JSON on standard input, what
// they gave as JSON on standard output. The tests around it are in ../argo.test.ts.
package main

import (
	"encoding/json"
	"log"
	"os"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type override struct {
	Health  string `json:"health"`
	Actions string `json:"actions"`
}

type testCase struct {
	// Health, discovery, or the name of an action.
	Run    string         `json:"run"`
	Object map[string]any `json:"object"`
}

type input struct {
	// As argocd-cm has them, by group/kind.
	Overrides map[string]override `json:"overrides"`
	Cases     []testCase          `json:"cases"`
}

type outcome struct {
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

func run(vm lua.VM, c testCase) (any, error) {
	object := &unstructured.Unstructured{Object: c.Object}
	switch c.Run {
	case "health":
		script, _, err := vm.GetHealthScript(object)
		if err != nil {
			return nil, err
		}
		return vm.ExecuteHealthLua(object, script)
	case "discovery":
		scripts, err := vm.GetResourceActionDiscovery(object)
		if err != nil {
			return nil, err
		}
		return vm.ExecuteResourceActionDiscovery(object, scripts)
	default:
		action, err := vm.GetResourceAction(object, c.Run)
		if err != nil {
			return nil, err
		}
		return vm.ExecuteResourceAction(object, action.ActionLua, nil)
	}
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		log.Fatalf("Cannot read the cases: %v", err)
	}
	vm := lua.VM{ResourceOverrides: map[string]appv1.ResourceOverride{}}
	for key, o := range in.Overrides {
		vm.ResourceOverrides[key] = appv1.ResourceOverride{HealthLua: o.Health, Actions: o.Actions}
	}
	outcomes := []outcome{}
	for _, c := range in.Cases {
		value, err := run(vm, c)
		if err != nil {
			outcomes = append(outcomes, outcome{Error: err.Error()})
		} else {
			outcomes = append(outcomes, outcome{Value: value})
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		log.Fatalf("Cannot write the outcomes: %v", err)
	}
}
